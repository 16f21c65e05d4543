#import "AppDelegate.h"
#import <Google/SignIn.h>

@implementation AppDelegate

- (void)initGoogleApp {
    NSError *error;
    [[GGLContext sharedInstance] configureWithError:&error];
    if (error) {
        NSLog(@"Error configuring Google services: %@", error);
    }
}

- (BOOL)application:(UIApplication *)application openURL:(NSURL *)url sourceApplication:(NSString *)sourceApplication annotation:(id)annotation {
    if ([url.scheme isEqualToString:SCHEME_GOOGLE]) {
        return [[GIDSignIn sharedInstance] handleURL:url
                                   sourceApplication:sourceApplication
                                          annotation:annotation];
    }
    return NO;
}

@end

#import "MintGIdSignIn.h"
#import <Google/SignIn.h>

@implementation MintGIdSignIn

+ (GIDSignIn *)GIdSignInInstance {
    GIDSignIn *signIn = [GIDSignIn sharedInstance];
    signIn.scopes = @[@"https://www.googleapis.com/auth/contacts.readonly"];
    return signIn;
}

@end

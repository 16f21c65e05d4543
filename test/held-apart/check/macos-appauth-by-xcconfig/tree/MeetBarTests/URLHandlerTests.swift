import XCTest

final class URLHandlerTests: XCTestCase {
    let url = URL(string: "com.googleusercontent.apps.123:/oauthredirect?code=abc")!
}

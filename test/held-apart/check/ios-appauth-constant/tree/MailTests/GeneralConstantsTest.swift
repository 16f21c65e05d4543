import XCTest

final class GeneralConstantsTest: XCTestCase {
    func testClient() {
        XCTAssertEqual(GeneralConstants.Gmail.clientID, "497554827882-xterun7ihxpn0jgi2ucrb5mh4o79rwyp.apps.googleusercontent.com")
    }
}

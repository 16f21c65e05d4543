import AppAuth
import GTMAppAuth

func authorizationRequest(_ configuration: OIDServiceConfiguration, _ scopes: [String]) -> OIDAuthorizationRequest {
    OIDAuthorizationRequest(
        configuration: configuration,
        clientId: GeneralConstants.Gmail.clientID,
        scopes: scopes,
        redirectURL: GeneralConstants.Gmail.redirectURL,
        responseType: OIDResponseTypeCode,
        additionalParameters: nil
    )
}

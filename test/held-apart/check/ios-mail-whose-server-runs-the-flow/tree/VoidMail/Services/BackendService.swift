import Foundation

final class BackendService {
    let baseURL: String = Bundle.main.object(forInfoDictionaryKey: "BACKEND_BASE_URL") as? String ?? "https://mail.example.com"

    func authURL() async -> URL? {
        guard let url = URL(string: "\(baseURL)/auth/google"),
              let (data, _) = try? await URLSession.shared.data(from: url),
              let body = try? JSONDecoder().decode([String: String].self, from: data) else { return nil }
        return URL(string: body["authUrl"] ?? "")
    }
}

let config = HubConfig(clientId: "test-client", authEndpoint: "https://example.com/auth")

package com.github.onlynotesswent

class AuthenticatorTest {
    private val serverClientId = "mock_client_id"
}

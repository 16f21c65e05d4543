package com.example.p2

import androidx.fragment.app.Fragment

class RegistrationFragment : Fragment() {
    private val model = RegistrationViewModel()

    fun request() = model.createRequest(
        getString(R.string.default_web_client_id),
        requireActivity(),
    )
}

package com.example.kmp.android

import androidx.activity.ComponentActivity

class MainActivity : ComponentActivity()

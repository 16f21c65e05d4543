package com.example.rubber;

import com.getcapacitor.BridgeActivity;

public class MainActivity extends BridgeActivity {}

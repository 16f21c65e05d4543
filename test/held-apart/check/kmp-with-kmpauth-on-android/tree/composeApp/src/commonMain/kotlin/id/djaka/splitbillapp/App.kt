package id.djaka.splitbillapp

const val WebClientId = "164976176814-kj2z7p6see9xtvm1wcan6whu350wdwi6.apps.googleusercontent.com"

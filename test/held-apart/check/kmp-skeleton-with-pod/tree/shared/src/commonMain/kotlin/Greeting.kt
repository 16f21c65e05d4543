class Greeting {
    fun greet(): String = "Hello"
}

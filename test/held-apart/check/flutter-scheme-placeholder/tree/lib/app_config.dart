import 'package:flutter_dotenv/flutter_dotenv.dart';

class AppConfig {
  static final I = AppConfig();
  final googleIosClientId = dotenv.env['GOOGLE_IOS_CLIENT_ID'];
  final googleWebClientId = dotenv.env['GOOGLE_WEB_CLIENT_ID'];
}

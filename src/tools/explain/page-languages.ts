/** A sentence of Google's pages in English, and what tells it in other languages. */
const sentences: readonly (readonly [english: string, others: RegExp])[] = [
  [
    "Access blocked: this app's request is invalid",
    /Anfrage dieser App ist ungültig|ungültige Anfrage gesendet|(demande|requête) de cette appli(cation)? n.est pas valide|solicitud de (esta aplicación|esta app) no es válida|solicitação (deste app|desse app) (é inválida|não é válida)|richiesta di questa app non è valida|verzoek van deze app is ongeldig|żądanie (tej )?aplikacji jest nieprawidłowe|uygulamanın isteği geçersiz|ứng dụng này không hợp lệ|aplikasi ini tidak valid|недопустимый запрос|недействительный запрос|このアプリのリクエストは無効|이 앱의 요청이 잘못|此应用的请求无效|應用程式的要求無效/i,
  ],
  [
    'has not completed the Google verification process',
    /Google-Überprüfungsprozess|(terminé|effectué) la procédure de (validation|vérification) de Google|completado el proceso de verificación de Google|concluiu o processo de verificação do Google|procedura di verifica di Google|verificatieproces van Google|procesu weryfikacji Google|Google doğrulama işlemini|не прош(ло|ёл|ел) проверку Google|Google の審査|Google 인증 (절차|과정)|(完成|通过) ?Google ?(的)?(验证|驗證)/i,
  ],
  [
    'does not comply with Google’s OAuth 2.0 policy',
    /nicht den Google-Richtlinien für OAuth|(respecte|conforme)[^.;]{0,20} (pas )?[^.;]{0,20}(règles|règlement) OAuth|no cumple (con )?la política de OAuth|não (obedece|está em conformidade)[^.;]{0,20} política do? ?OAuth|non (rispetta|è conforme)[^.;]{0,20}norme OAuth|OAuth 2\.0 ポリシーを遵守|OAuth 2\.0 정책을 준수하지|不符合 Google 的 OAuth/i,
  ],
  [
    'This browser or app may not be secure',
    /Browser oder diese App ist unter Umständen nicht sicher|App ist unter Umständen nicht sicher|ne sont? peut-être pas sécurisé|peut ne pas être sécuris|es posible que (el|este) navegador|pode não ser segur|potrebbe non essere sicur|могут быть небезопас|可能不安全|安全でない可能性|안전하지 않을 수 있/i,
  ],
  [
    'This app is blocked',
    /App wurde blockiert|application (est|a été) bloquée|aplicación (está|ha sido) bloqueada|app (está|foi) bloquead[oa]|app (è|è stata) bloccata|приложение заблокировано|应用已被阻止|應用程式已遭封鎖|アプリはブロックされ|앱이 차단/i,
  ],
];

/** A letter or a word that English does not have. */
const mayBeForeign = /[^ -~\s‘’“”…–—•]|\b(?:ongeldig|tidak|App wurde|validation de Google|Google-)/;

/**
 * Reads Google's pages in other languages: the number of an error is written as the English page
 * does, and a sentence that is known is given in English behind the text.
 */
export function readPageLanguage(text: string): string {
  const numbered = text
    .replace(
      /(?:Fehler|Erreur|Erro|Errore|Error de autorización|Ошибка|Fout|B[łl]ąd|Hata|Lỗi|Kesalahan|Chyba|Virhe|Fejl|Fel|エラー|錯誤|错误|오류)\s{0,3}(4\d\d)\s{0,3}[:：]?\s{0,3}/gi,
      'Error $1: ',
    )
    .replace(/(4\d\d)\s{0,3}(?:오류|エラー|错误|錯誤)\s{0,3}[:：]\s{0,3}/g, 'Error $1: ');
  // English pages, logs and answers, which most texts are, have none of these.
  if (!mayBeForeign.test(numbered)) return numbered;
  const known = sentences.filter(([, others]) => others.test(numbered)).map(([english]) => english);
  return [numbered, ...known].join('\n');
}

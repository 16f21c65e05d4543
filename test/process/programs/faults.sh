# Asks Google with curl, one line of the plan after another: <fault> <what is asked>. It knows nothing of gsac.
# What stands in for an app and for what goes wrong is the emulator's own, asked at $GSAC_EMULATOR.
# Every secret that it sees goes into the file $SECRETS, and nothing is printed.
field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }
admin() { curl -sS -H 'content-type: application/json' "$GSAC_EMULATOR/_emulator$1" -d "$2"; }
keep() { for each; do [ -z "$each" ] || echo "$each" >> "$SECRETS"; done; }

token=https://oauth2.googleapis.com/token
www=https://www.googleapis.com
id=$(field client_id < "$GSAC_CLIENT")
secret=$(field client_secret < "$GSAC_CLIENT")
keep "$secret"

send_code() {
  answer=$(curl -s -A "$row" $token -d grant_type=authorization_code -d redirect_uri= -d "client_id=$id" \
    -d "client_secret=$secret" --data-urlencode "code=$1")
  access=$(echo "$answer" | field access_token)
  refresh=$(echo "$answer" | field refresh_token)
  keep "$access" "$refresh" "$(echo "$answer" | field id_token)"
}
exchange() {
  code=$(admin /sign-in '{}' | field code)
  keep "$code"
  send_code "$code"
}
renew() {
  answer=$(curl -s -A "$row" $token -d grant_type=refresh_token --data-urlencode "refresh_token=$refresh" \
    -d "client_id=$id" -d "client_secret=$secret")
  keep "$(echo "$answer" | field access_token)" "$(echo "$answer" | field id_token)"
}
get() { curl -s -A "$row" -o /dev/null -H "Authorization: Bearer $access" "$@"; }
list() { get "$www/drive/v3/files?spaces=appDataFolder"; }

while read -r fault what; do
  row=setup
  [ "$what" = exchange ] || [ "$what" = certs ] || [ "$what" = authorize ] || exchange
  row="$fault/$what"
  admin /faults "{\"name\":\"$fault\"}" > /dev/null
  case $what in
    exchange) exchange ;;
    again) send_code "$code" ;;
    refresh) renew ;;
    list) list ;;
    exchange-list) exchange; list ;;
    many) for _ in 1 2 3 4 5 6 7 8 9 10 11; do list; done ;;
    upload) get "$www/upload/drive/v3/files?uploadType=media" -d x ;;
    userinfo) get "$www/oauth2/v3/userinfo" ;;
    certs) get "$www/oauth2/v3/certs" ;;
    authorize) get -G https://accounts.google.com/o/oauth2/v2/auth -d "client_id=$id" -d response_type=code \
      -d scope=openid -d prompt=none -d login_hint=tester@example.com \
      -d redirect_uri=http://localhost:8080/oauth2callback ;;
  esac
  curl -sS -o /dev/null -X DELETE "$GSAC_EMULATOR/_emulator/faults"
done

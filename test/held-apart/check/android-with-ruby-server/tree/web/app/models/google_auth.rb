class GoogleAuth
  AUDIENCE = '<YOUR OAUTH CLIENT ID HERE>'

  def self.name_of(token)
    GoogleIDToken::Validator.new.check(token, AUDIENCE)['name']
  end
end

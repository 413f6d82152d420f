# The simulated broker: the page where BankID would be, and what it says in place of it.

broker-title-login = Testlegitimering
broker-title-sign = Testunderskrift
broker-title-approve = Testgodkännande
broker-lead-login = { $client } begär att du legitimerar dig. Välj vem du vill vara.
broker-lead-sign = { $client } begär din underskrift. Läs vad du skriver under.
broker-lead-approve = { $client } begär att du godkänner något. Läs vad du godkänner.
broker-message-login = Meddelande från tjänsten
broker-message-sign = Det här skriver du under
broker-message-approve = Det här godkänner du
broker-hash = Kontrollsumma för det som skrivs under (SHA-256):

broker-who = Skriv in någon
broker-who-pinned = Tjänsten har sagt vem det ska vara
broker-person = Personnummer eller samordningsnummer
broker-person-hint = Vilket giltigt nummer som helst. Den som inte finns i listan är okänd i folkbokföringen.
broker-person-staff = Anställning
broker-person-staff-hint = Personens id, snabel-a och organisationsnumret, till exempel kaso01@2120009911.
broker-person-pinned-hint = Ingen annan kan väljas.
broker-eid = E-legitimation
broker-eid-hint = Den avgör tillitsnivån. Utländska e-legitimationer står i listan längre ner, när tjänsten tar emot dem.
broker-eid-bankid = BankID
broker-eid-freja = Freja+
broker-eid-pass = AB Svenska Pass
broker-level = Tillitsnivå
broker-level-usual = Den som e-legitimationen brukar ge
broker-do-login = Legitimera
broker-do-sign = Skriv under
broker-do-approve = Godkänn
broker-cancel = Avbryt

broker-age = { $age } år
broker-mark-coordination-number = samordningsnummer
broker-mark-confidential = sekretessmarkering
broker-mark-protected = skyddad folkbokföring
broker-mark-emigrated = utvandrad
broker-mark-missing = avregistrerad som försvunnen
broker-mark-bound = kopplad till ett svenskt nummer
broker-mark-unbound = uppger ett svenskt nummer utan koppling
broker-foreign = Med utländsk e-legitimation
broker-foreign-hint = Genom den svenska noden för eIDAS. De har inget svenskt nummer, eller ett som de har kopplat själva.

broker-problem-nobody = Välj en person i listan eller skriv in en.
broker-problem-not-a-person = Det där är inte ett giltigt personnummer eller samordningsnummer.
broker-problem-not-staff = Det där är inte en anställning. Skriv till exempel kaso01@2120009911.

broker-faults = Hur det ska gå fel
broker-faults-text = Tjänsten ska klara alla svar härifrån, också de som inte borde komma.
broker-error = Felkod när du trycker på Simulera fel
broker-error-description = Beskrivning av felet
broker-fail = Simulera fel
broker-other-level = Tvinga en annan nivå
broker-other-level-hint = Svaret får den här nivån, också om tjänsten inte har bett om den.
broker-other-level-no = Nej
broker-other-person = Låt någon annan svara
broker-other-person-hint = Svaret blir om den här personen, trots att tjänsten har sagt vem det ska vara.

broker-front = Testlegitimering
broker-front-text = Den här tjänsten spelar e-legitimation. Börja i den e-tjänst som du vill logga in i.
broker-refused = Legitimeringen kan inte börja
broker-refused-repeated = En uppgift i anropet förekommer två gånger.
broker-refused-client = Anropet kommer från en tjänst som inte är registrerad (client_id).
broker-refused-redirect = Adressen att återvända till är inte registrerad för tjänsten (redirect_uri).
broker-refused-object = Det signerade anropet kan inte läsas, och adressen att återvända till är inte känd.
broker-refused-pushed = Anropet är för gammalt, redan använt eller blandat med andra uppgifter. Börja om i e-tjänsten.
broker-refused-ticket = Sidan är för gammal. Börja om i e-tjänsten.
broker-logged-out = Du är utloggad
broker-logged-out-text = Du kan stänga fönstret.
broker-logout-refused = Utloggningen kan inte göras här
broker-logout-refused-text = Uppgifterna i anropet stämmer inte. Stäng webbläsaren om du använder en lånad dator.

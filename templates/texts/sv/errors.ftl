## Fel
error-not-found-title = Sidan finns inte
error-not-found-text = Adressen kan vara felskriven, eller så har sidan flyttats eller tagits bort.
error-not-found-way-on = Kontrollera adressen eller börja om från startsidan.
error-gone-title = Sidan finns inte längre
error-gone-text = Det som fanns här är borttaget. Utkast och avslutade ärenden raderas efter en viss tid.
error-gone-way-on = Börja om från startsidan. Kontakta oss om du saknar något.
error-forbidden-title = Du har inte tillgång till sidan
error-forbidden-text = Sidan hör till någon annan, eller så behöver du logga in på ett annat sätt.
error-forbidden-way-on = Kontrollera vem du är inloggad som. Logga ut och logga in igen om det är fel.
error-form-expired-title = Sidan hade varit öppen för länge
error-form-expired-text = Av säkerhetsskäl tog vi inte emot det sista du skickade.
error-form-expired-way-on = Gå tillbaka, ladda om sidan och skicka igen.
error-foreign-form-title = Vi tog inte emot det som skickades
error-foreign-form-text = Det kom från en annan webbplats. För din säkerhet tar vi bara emot det som du skickar från våra egna sidor.
error-foreign-form-way-on = Gå till e-tjänsten från vår startsida och försök där.
error-too-many-title = Det blev för många försök
error-too-many-text = För att skydda tjänsten har vi satt stopp en kort stund.
error-too-many-way-on = Vänta en minut och prova sedan igen.
error-too-large-title = Det du skickade var för stort
error-too-large-text = Vi kunde inte ta emot det, men det du hade sparat tidigare påverkas inte.
error-too-large-way-on = Gå tillbaka, minska filen eller dela upp den i flera och skicka igen.
error-unavailable-title = Tjänsten är inte tillgänglig just nu
error-unavailable-text = Ett system som vi behöver svarar inte. Det du hade sparat tidigare finns kvar.
error-unavailable-way-on = Prova igen om några minuter.
error-database-down-title = Vi kan inte spara något just nu
error-database-down-text = Ett av våra system svarar inte. Det du hade sparat tidigare finns kvar, men det sista du skickade kom kanske inte fram.
error-database-down-way-on = Vänta några minuter och ladda om sidan. Finns det inte där skickar du det igen.
error-misdirected-title = Här finns ingen kommun
error-misdirected-text = Adressen hör inte till någon kommun som använder de här e-tjänsterna.
error-misdirected-way-on = Kontrollera adressen.
error-invalid-title = Vi förstod inte det som skickades
error-invalid-text = Något saknades eller hade fel form, så vi gjorde ingenting med det.
error-invalid-way-on = Gå tillbaka till sidan före, ladda om den och försök igen.
error-conflict-title = Uppgifterna har ändrats
error-conflict-text = Någon annan, eller du själv i ett annat fönster, hann göra en ändring medan sidan var öppen.
error-conflict-way-on = Ladda om sidan och se hur det ser ut nu.
error-internal-title = Något gick fel hos oss
error-internal-text = Felet är vårt och inte ditt. Det är noterat. Det du hade sparat tidigare finns kvar.
error-internal-way-on = Prova igen om en stund. Kontakta oss om felet kommer tillbaka.
error-logged-out-title = Du har loggats ut
error-logged-out-text = Det gick för lång tid, så vi kunde inte ta emot det du skickade. Det du skrev finns kvar här nedanför.
error-logged-out-way-on = Kopiera det du skrev. Logga in igen, klistra in det och skicka.
error-typed = Det du skrev
error-typed-hint = Vi har inte sparat det. Lämna inte sidan förrän du har kopierat det.
error-typed-label = { $count ->
    [one] Din text
   *[other] Text { $number } av { $count }
}
error-way-log-in = Logga in igen
error-way-log-in-tab = Logga in igen (öppnas i en ny flik)
error-ways = Så kommer du vidare
error-way-start = Till startsidan
error-way-call = Ring oss:
error-number = Nämn det här numret om du kontaktar oss:

error-step-up-title = Du behöver legitimera dig igen
error-step-up-text = Vi kunde inte ta emot det du skickade förrän du har legitimerat dig igen. Det du skrev finns kvar här nedanför.
error-step-up-way-on = Kopiera det du skrev. Legitimera dig igen, klistra in det och skicka.

error-other-capacity-title = Du har bytt vem du företräder
error-other-capacity-text = Sidan öppnades när du företrädde någon annan, eller för dig själv. Därför har vi inte sparat eller skickat det du nyss skrev.
error-other-capacity-way-on = Öppna sidan på nytt om det ska gälla den du företräder nu. Byt annars tillbaka först. Det som var sparat innan finns kvar hos den det gällde.
error-way-acting = Hör sidan till någon du företräder? Byt vem du företräder
error-not-yours-to-sign-title = Det här är inte till dig
error-not-yours-to-sign-text = Någon annan har blivit ombedd att skriva under. Du är inloggad som en annan person och kan inte se vad det gäller.
error-not-yours-to-sign-way-on = Är det du som ska skriva under? Logga ut och logga in med din egen e-legitimation, eller kontakta kommunen.

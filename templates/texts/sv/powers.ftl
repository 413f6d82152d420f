# The staff's roles and sessions, at the desk and in the administration.

powers-nav = Behörigheter
powers-title = Behörigheter
powers-lead = En begär och en annan godkänner. Ingen begär eller godkänner åt sig själv. Att ta bort en behörighet gäller direkt.
powers-waiting = Väntar på svar
powers-none-waiting = Ingen begäran väntar.
powers-asked-by = Begärd av { $name } { $time }
powers-expires = Upphör { $date } om ingen svarar
powers-another = Någon annan ska svara på den här begäran.
powers-yes = Godkänn
powers-no = Avslå
powers-ask = Begär en behörighet
powers-ask-send = Skicka begäran
powers-people = Så här är det nu
powers-take = Ta bort
powers-person = Vem?
powers-person-hint = Hela anknytningen, till exempel anna01@2120009911
powers-person-wrong = Skriv anknytningen så här: anna01@ och kommunens organisationsnummer
powers-namn = Namn
powers-namn-hint = Behövs bara för den som är ny här.
powers-namn-missing = Skriv namnet på den som är ny
powers-behorighet = Vilken behörighet?
powers-behorighet-hint = Du ser de behörigheter som du får begära.
powers-behorighet-missing = Välj en behörighet
powers-varfor = Varför?
powers-varfor-hint = Läses av den som ska godkänna.
powers-varfor-missing = Skriv varför, med minst 5 tecken
powers-own = Någon annan måste begära behörighet åt dig
powers-held = Personen har redan den behörigheten
powers-asked = Det finns redan en begäran som väntar på svar
powers-notice-begart = Begäran är skickad. Någon annan ska svara på den.
powers-notice-svarat = Svaret är sparat.
powers-notice-borttaget = Behörigheten är borttagen.

role-handler = Handläggare
role-manager = Chef
role-systemforvaltare = Systemförvaltare
role-systemagare = Systemägare
role-informationsagare = Informationsägare

logins-nav = Inloggningar
logins-staff-title = Inloggningar
logins-staff-all = Alla i personalen som är inloggade just nu.
logins-resident = Logga ut en invånare
logins-resident-id = Personens beteckning i loggen
logins-resident-hint = Till exempel party:0190… Alla hennes eller hans inloggningar avslutas.
logins-resident-end = Logga ut överallt

error-four-eyes-title = Någon annan behöver göra det här
error-four-eyes-text = Den som har begärt en behörighet, eller ska få den, kan inte själv godkänna den. Det behövs också rätt roll.
error-four-eyes-way-on = Be en kollega med rätt roll att svara.
error-other-role-title = Sidan hör till en annan roll
error-other-role-text = Du är inloggad men har inte den roll som sidan är till för.
error-other-role-way-on = Under Behörigheter ser du vilka som har rollen.

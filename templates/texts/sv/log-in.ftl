# Log-in: what went wrong, what happened, what to do.

login-again = Försök igen

login-cancelled-title = Inloggningen avbröts
login-cancelled-text = Du är inte inloggad. Det du har sparat finns kvar.
login-cancelled-way-on = Försök igen när du vill.

login-level-title = Du behöver en annan e-legitimation
login-level-text = Tjänsten kräver en e-legitimation med högre tillitsnivå än den du använde. Du är inte inloggad.
login-level-way-on = Välj en annan e-legitimation och försök igen. Kontakta kommunen om du inte har någon annan.

login-session-title = Börja om med inloggningen
login-session-text = Inloggningen tog för lång tid eller påbörjades i en annan webbläsare. Du är inte inloggad.
login-session-way-on = Börja om, och gör hela inloggningen i samma webbläsare.

login-identity-title = Vi kunde inte se vem du är
login-identity-text = Vi fick inga giltiga uppgifter om vem du är från din e-legitimation, till exempel inget giltigt person- eller samordningsnummer. Du är inte inloggad.
login-identity-way-on = Försök med en annan e-legitimation. Kontakta kommunen om det händer igen.

login-other-person-title = En annan person legitimerade sig
login-other-person-text = Den som legitimerade sig eller skrev under är inte samma person som den som är inloggad. Inget har skickats in.
login-other-person-way-on = Försök igen med din egen e-legitimation, eller logga ut och låt den andra personen logga in.

login-unavailable-title = Inloggningstjänsten svarar inte
login-unavailable-text = Inloggningstjänsten svarar inte som den ska just nu. Du är inte inloggad. Det du har sparat finns kvar.
login-unavailable-way-on = Försök igen om en stund. Kontakta kommunen om det är bråttom.

login-technical-title = Inloggningen kunde inte bekräftas
login-technical-text = Vi kunde inte bekräfta svaret från inloggningstjänsten. Därför är du inte inloggad.
login-technical-way-on = Försök igen. Kontakta kommunen om det händer igen.

login-sign-cancelled-title = Underskriften avbröts
login-sign-cancelled-text = Underskriften avbröts. Ditt ärende är sparat men inte inskickat.
login-sign-cancelled-way-on = Gå tillbaka till ditt ärende och skriv under när du vill.


error-deceased-title = Du kan inte logga in
error-deceased-text = Det finns ett hinder i folkbokföringen för att logga in med den här e-legitimationen.
error-deceased-way-on = Kontakta kommunen om du tror att det är fel.
# The same session, asked for anew or more strongly.
step-up-title = Legitimera dig igen
step-up-too-low = Det här kräver en säkrare e-legitimation än den du loggade in med: tillitsnivå { $level }.
step-up-too-old = Det har gått mer än { $minutes } minuter sedan du legitimerade dig. För din säkerhet behöver du göra det igen innan du fortsätter här.
step-up-kept = Det du har skrivit finns kvar. Efter legitimeringen kommer du tillbaka hit. Det måste vara du själv som legitimerar dig.
step-up-go = Legitimera dig
step-up-stopped = Du är inloggad som förut. Det du har sparat finns kvar.
step-up-cancelled-title = Legitimeringen avbröts
step-up-level-title = Du behöver en annan e-legitimation
step-up-session-title = Börja om med legitimeringen
step-up-identity-title = Vi kunde inte se vem du är
step-up-other-person-title = En annan person legitimerade sig
step-up-unavailable-title = Legitimeringstjänsten svarar inte
step-up-technical-title = Legitimeringen kunde inte bekräftas

error-other-number-title = Vi kunde inte se vem du är
error-other-number-text = Uppgifterna från inloggningstjänsten stämmer inte med din förra inloggning. Du är inte inloggad.
error-other-number-way-on = Kontakta kommunen, så reder vi ut det. Du kan också försöka med en annan e-legitimation.

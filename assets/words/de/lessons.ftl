### Was zu Antworten in einer Lektion gesagt wird, und die Karte an ihrem Ende.

lesson-needs-stage = Der Lauf muss erst durch die Etappe { $stage } gegangen sein.
lesson-no-such-change = „{ $id }“ ist keine Änderung der ersten Runde dieses Laufs.
lesson-read = gelesen
lesson-choose-a-text = Wähle einen der Texte.
lesson-two-channels = Wähle zwei verschiedene Kanäle.
lesson-then = , dann
lesson-tick = { $count } Änderungen sind angekreuzt: Kreuze 1 bis { $most } an.
lesson-too-many-parameters = Diese fügen { $added } Parameter hinzu: höchstens { $most } sind erlaubt.
lesson-short-sentence = Bitte einen Satz mit mindestens { $words } Wörtern: Dieser hat { $found }.
lesson-no-answer = Das ist noch keine Antwort auf diese Frage.
lesson-done = getan
lesson-run-not-over = Der Lauf ist noch nicht zu Ende.
lesson-stage-not-over = Die Etappe { $stage } ist noch nicht zu Ende.
lesson-race-not-over = Das Rennen ist noch nicht zu Ende.
lesson-answer-unknown = Die Antwort ist von diesem Lauf nicht bekannt.
lesson-estimate-unknown = Von diesem Lauf ist keine Schätzung bekannt.
lesson-scores-unknown = Wie gut es ist, ist von diesem Lauf nicht bekannt.
lesson-joint-unknown = Was die gewählten Änderungen zusammen brachten, ist von diesem Lauf nicht bekannt.
lesson-loss-after-growth-unknown = Der Verlust nach dem Wachsen ist von diesem Lauf nicht bekannt.
lesson-loss-after-training-unknown = Der Verlust nach dem nächsten Training ist von diesem Lauf nicht bekannt.
lesson-choose-a-change = Wähle erst eine Änderung: Ihre Kurven erscheinen hier.
lesson-never-part = Hier trennen sich Tangente und Wahrheit nie: Wähle eine andere Änderung.
lesson-tick-two = Kreuze zwei oder mehr Änderungen an: Eine allein geht immer auf.
lesson-nothing-measured = Noch ist nichts gemessen.
lesson-not-measured = Diese Änderung wurde nicht gemessen: Wähle eine andere.
lesson-no-order = Nach keiner Reihenfolge ist gefragt.
lesson-cards-not-measured = Die Änderungen der Karten sind noch nicht gemessen.
lesson-choose-a-card = Wähle eine der sechs Karten.
lesson-formula-without-estimates = Diese Formel hat hier keine Schätzungen.
lesson-race-needs-two = Ein Rennen braucht zwei.
lesson-not-chosen = Der Lauf hat noch nicht gewählt.
lesson-not-ticked = Das sind nicht die angekreuzten Änderungen.
lesson-not-joint = Die Strategie dieses Laufs wählt nicht gemeinsam.
lesson-choice-not-seen = Die eigene Wahl der Methode war nicht zu sehen: Geh zurück vor das Wachsen.
lesson-grow-first = Lass das Netz erst durch deine Änderungen wachsen.
lesson-own-changes = Das sind die Änderungen der Methode: Kreuze andere an.
lesson-came-unknown = Was daraus wurde, ist nicht bekannt.
lesson-order-first = Bring erst die Karten in eine Reihenfolge (Schritt „{ $step }“).
lesson-points = { $points } Punkte
lesson-it-is = Richtig ist: { $truth }.
lesson-right-at-once = sofort richtig
lesson-right-later = richtig, Versuch { $tries }
lesson-kept = behalten
lesson-not-yet = noch nicht; richtig ist { $truth }
lesson-shown = gezeigt: { $truth }
lesson-score = { $right } von { $all } richtig

## Namen von Änderungen; die Verben stehen in library.ftl.

change-of-channel = { $verb } Kanal { $channel } von { $layer }
change-by-channels = { $verb } { $layer } um { $width } Kanäle

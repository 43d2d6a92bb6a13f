### Die Felder der Kandidaten: Diagramm der geschätzten und tatsächlichen Gewinne, Tabelle, Gründe, Vorhersagen, Versprechen, Ergebnisse, Formeln, und wofür das Abspielen anhält.

## Geschätzt gegen tatsächlich

cloud-none = Noch keine Kandidaten.
cloud-none-next = Drücke „Abspielen“: nach dem ersten Training werden die möglichen Änderungen des Netzes aufgelistet, und jede bekommt hier einen Punkt.
cloud-unestimated = { $count } Kandidaten, noch nicht geschätzt.
cloud-unestimated-next = Die nächsten Etappen lernen jede Änderung und sagen ihren Gewinn vorher; dann erscheinen hier die Punkte.
cloud-forming = Entsteht gerade: was die Formel auf Trainingsbildern vorhersieht, während jede Änderung gelernt wird.
cloud-unmeasured = Noch nicht gemessen: bis dahin liegen die Punkte auf der Linie des tatsächlichen Gewinns 0.
cloud-predict-hint = Alle Gewinne verbergen, sobald sie geschätzt sind, sechs Änderungen in die erwartete Reihenfolge bringen, dann vergleichen
cloud-predict-next = Das Abspielen hält dort an und fragt dich.
cloud-formula = Formel
cloud-formula-hint = Die Formel, mit der die Gewinne geschätzt werden
cloud-learned-by = { $formula } (damit gelernt)
cloud-all-formulas = Alle Formeln
cloud-all-formulas-hint = Die Schätzungen aller Formeln für alle Kandidaten zugleich
cloud-family-hint = Diese Familie zeigen
cloud-family-numbers-hint = Diese Familie zeigen. { $count } Kandidaten, r { $r }, Steigung { $slope }
cloud-count-hint = Kandidaten
cloud-pearson-hint = Korrelation nach Pearson: liegen sie auf einer Geraden? 1 ist perfekt
cloud-spearman-hint = Rangkorrelation nach Spearman: sind sie in derselben Reihenfolge? 1 ist perfekt
cloud-slope = Steigung
cloud-slope-hint = Tatsächlicher Gewinn je geschätztem Gewinn: 1 ist perfekt
cloud-round = Runde { $round }
cloud-gains = Gewinne
cloud-gains-hint = Was hilft, auf gleichmäßiger Skala
cloud-all = Alle
cloud-all-hint = Auch was schadet, auf gedehnter Skala
cloud-outside = { $scale }; { $count }, die mehr schaden, liegen außerhalb
cloud-axis-estimated = geschätzter Gewinn
cloud-axis-actual = tatsächlicher Gewinn
cloud-axis-end = Gewinn am Ende
cloud-at-once-hint = Was jede Änderung sofort gewann, vor allem Training
cloud-in-the-end-hint = Was jede verfolgte Änderung nach dem nächsten Training wert war, gegenüber einem Zwilling des Netzes ohne sie
cloud-in-the-end = am Ende: { $gain }
cloud-plot = Geschätzte gegen tatsächliche Gewinne
cloud-estimated-by = geschätzt durch { $formula }: { $gain }
cloud-actual = tatsächlich: { $gain }
cloud-actual-unknown = tatsächlich: nicht bekannt
cloud-error = Fehler: { $gain }
cloud-first-layer = erste Schicht
cloud-last-layer = letzte Schicht
cloud-chosen = gewählt
cloud-right = die Formel stimmt

## Tabelle

table-none-next = Die Etappe „Vorschlagen“ listet sie nach dem ersten Training auf.
table-filter = Filter, etwa conv2
table-filter-name = Kandidaten filtern
table-show-family = Familie { $family } zeigen
table-chosen = { $count } gewählt; Summe der Einzelgewinne, Validierungsbilder: { $gain }.
table-tick = Hake andere an, um selbst zu wählen.
table-empty = Kein Kandidat dieses Namens. Leere den Filter, oder zeige mehr Familien.
table-boxes = Spalte der Kästchen zum Wählen
table-column = Spalte { $name }
table-box = Kästchen von { $candidate }
table-cell = { $column } von { $candidate }
table-choose = { $candidate } wählen
table-candidate = Kandidat
table-candidate-hint = Was sich ändern würde
table-why = Warum
table-why-hint = Warum er gewählt wurde oder nicht
table-estimated = Geschätzt
table-estimated-hint = Gewinn laut Formel
table-actual = Tatsächlich
table-actual-hint = Gewinn bei wirklicher Ausführung
table-error = Fehler
table-error-hint = Tatsächlich minus geschätzt
table-parameters = Parameter
table-parameters-hint = Wie viele er hinzufügt
table-scale = Weite
table-scale-hint = Wie weit in die gelernte Richtung zu gehen ist; 0 lohnt sich nicht

## Warum ein Kandidat genommen oder übergangen wurde

why-by-you = von dir gewählt
why-by-you-hint = Die Methode hatte sie übergangen
why-dropped = von dir verworfen
why-dropped-hint = Die Methode hatte sie gewählt
why-chosen = gewählt
why-chosen-hint = Das Netz wächst dadurch
why-adds = gewählt: bringt { $adds }
why-adds-hint = Auf den Validierungsbildern würde die Auswahl ohne sie { $adds } weniger gewinnen; allein gewinnt sie { $gained }
why-no-step = kein Schritt hilft
why-no-step-hint = Auf den Validierungsbildern ist der beste Schritt in ihre Richtung gar keiner
why-no-help = würde nicht helfen
why-no-help-hint = Sie würde den Validierungsverlust nicht senken
why-costs = kostet mehr, als sie bringt
why-costs-hint = Sie gewinnt { $gained } auf den Validierungsbildern; ihre Kosten verlangen { $needs }
why-not-beside = nicht neben { $other }
why-not-beside-hint = Sie und { $other } ändern dieselbe Stelle; jene wurde genommen
why-layer-needs = Schicht braucht ihn
why-layer-needs-hint = Ihre Schicht würde den letzten Kanal verlieren, oder die beiden schließen einander aus
why-little = bringt zusätzlich nur { $adds }
why-little-hint = Allein gewinnt sie { $gained } auf den Validierungsbildern, aber was genommen ist, behebt dieselben Fehler: zusätzlich bringt sie { $adds }
why-training = Training bringt es auch
why-training-hint = Sie würde { $adds } bringen, aber das Training der vorhandenen Gewichte bringt das auch
why-full = kein Platz mehr
why-full-hint = Die Runde hat so viele Änderungen, wie budget.max-candidates erlaubt
why-budget = über dem Budget
why-budget-hint = Das gewachsene Netz wäre größer, als das Budget erlaubt
why-not-tried = nicht versucht
why-not-tried-hint = Die Auswahl endete, bevor sie an der Reihe war
why-none-helped = zusammen keine Hilfe
why-none-helped-hint = Alle Änderungen mit geschätztem Gewinn wurden gemeinsam in mehreren Weiten versucht, und nichts davon senkte den Validierungsverlust

## Erst vorhersagen

predict-first = Erst vorhersagen
predict-plot = Zum Diagramm
predict-plot-hint = Die Karten schließen und jede Schätzung gegen ihren tatsächlichen Gewinn zeigen
predict-stop = Beenden
predict-stop-hint = Alles ohne Antwort zeigen
predict-question = Welche dieser Änderungen senkt den Verlust auf den zurückgehaltenen Bildern am meisten? Lege sie nach oben: ziehe die Karten, oder drücke „Hoch“ und „Runter“. Wer auf eine Karte zeigt, lässt ihre Zelle leuchten; ein Klick zeigt ihren Filter.
predict-reveal = Aufdecken
predict-unmeasured = Drücke „Abspielen“: erst werden die Änderungen ausgeführt und gemessen.
predict-card = Karte { $place }: { $change }
predict-up = Hoch
predict-down = Runter
predict-you = du
predict-you-hint = Dein Platz
predict-change = Änderung
predict-formula = Formel
predict-formula-hint = Der Platz nach geschätztem Gewinn
predict-truth = Wahrheit
predict-truth-hint = Der Platz nach tatsächlichem Gewinn
predict-gain = tats. Gewinn
predict-gain-hint = Wie weit der Verlust auf den zurückgehaltenen Bildern sank, in nats
predict-score = Du hast { $person } von { $pairs } Paaren in die richtige Reihenfolge gebracht, die Formel { $formula }.

## Was gewählte Änderungen zusammen versprechen

promises-summed = Summe der Einzelgewinne
promises-summed-hint = Zu viel: gemeinsame Änderungen beheben dieselben Fehler
promises-joint = gemeinsame Schätzung
promises-joint-hint = Was das linearisierte Netz für alle zugleich vorhersieht
promises-came = was herauskam
promises-came-hint = Was das gewachsene Netz wirklich gewinnt; bekannt, sobald es versucht oder ausgeführt wurde
promises-unknown = noch unbekannt

## Was Auswahlen brachten

outcomes-by-you = Du hast { $count } gewählt: zusammen gewannen sie { $gain } auf den zurückgehaltenen Bildern, vor jedem Training.
outcomes-by-method = Die Methode hat { $count } gewählt: zusammen gewannen sie { $gain } auf den zurückgehaltenen Bildern, vor jedem Training.
outcomes-again-hint = Mach es rückgängig, wähle anders und lass zum Vergleich noch einmal wachsen.

## Die Formel in den Zahlen eines Kandidaten

explain-first-order = Gewinn ≈ −Mittel a: nur die Steigung
explain-rank1 = Gewinn ≈ −Mittel (a + a²/4L): die Steigung, und die kleinste Krümmung, die zu ihr passt
explain-gauss-newton = Gewinn ≈ −Mittel (a + ½(Σp·d² − (Σp·d)²)): die Steigung, und die Krümmung des Softmax
explain-sampled = Gewinn ≈ −Mittel (a + ½(ĝ·Δz)²): die Steigung, und die Krümmung aus einer gezogenen Klasse je Bild
explain-linearised = Gewinn ≈ Mittel L − Mittel (logsumexp(o + d) − (o + d) bei y): der wahre Verlust der verschobenen Logits
explain-symbols-hint = a ist die Steigung des Verlusts entlang der Änderung, d die Änderung der Logits, p der Softmax, L der Verlust
explain-hidden = Gewinne sind verborgen, bis du die Karten geordnet hast.
explain-slope = { $formula }, Schrittweite { $scale }:  Gewinn erster Ordnung { $slope }
explain-sum = { $formula }, Schrittweite { $scale }:  Gewinn erster Ordnung { $slope }  { $sign } Krümmungskosten { $cost }  =  { $estimate }
explain-actual = tatsächlich { $actual }     Fehler { $error }
explain-point = Zeige auf eine Zelle, einen Punkt oder eine Zeile, um ihre Zahlen in der Formel zu sehen.
explain-unestimated = Noch nicht geschätzt.

## Wofür das Abspielen anhält

pause-expect = Was erwartest du?
pause-expect-now = { $count } Änderungen haben einen geschätzten Gewinn, und noch keine ist ausgeführt. Rote Zellen zu teilen lohnt sich, blaue können weg. Wird die Formel stimmen? Drücke „Erst vorhersagen“, um gegen sie zu wetten, oder „Abspielen“, um zu messen.
pause-right = Hat die Formel gestimmt?
pause-right-now = Punkte auf der Diagonale sind Änderungen, die gewannen, was vorhergesehen war. Klicke auf den, der am weitesten davon entfernt ist, und lies unten seine Zahlen.
pause-changed = Was hat sich geändert?
pause-changed-nothing = Nichts war seine Kosten wert: das Netz bleibt, wie es ist, und trainiert weiter.
pause-changed-now = Kinder stehen eingekreist neben ihren Eltern; Entferntes ist ein Geist. Die Tabelle sagt, warum jede Änderung genommen wurde. Als Nächstes trainiert das gewachsene Netz.

### The ending, the curves, the costs, races, figures, trials, and what stands in plots.

## The card at the end of a run.
ending-question = Hat es sich gelohnt?
ending-hide = Ausblenden
ending-hide-hint = Räumt diese Karte weg
ending-add-round = Runde anhängen
ending-race = Rennen gegen Nichtwachsen
ending-race-hint = Dieselben Einstellungen mit und ohne Wachstum, bei gleichen Kosten, mit mehreren Startwerten
ending-new-run = Neuer Lauf…

## Its table: the heads, and the networks.
ending-held-out = auf zurückgehaltenen Bildern
ending-accuracy = Genauigkeit
ending-loss = Verlust
ending-parameters = Parameter
ending-seed = Keimnetz, trainiert
ending-seed-hint = Nach dem ersten Training, bevor es wuchs
ending-grown = Gewachsenes Netz
ending-network = Netz
ending-grown-hint = Am Ende
ending-raced = Nicht gewachsen (Rennen)
ending-raced-hint = Das Keimnetz, zu den Kosten des Rennens trainiert
ending-twin = Zwilling, nicht gewachsen
ending-twin-hint = Ein Zwilling des Netzes vor seinem letzten Wachstum, ebenso lange weitertrainiert

## What it says: the cost, and what can honestly be said of the result.
ending-cost = Kosten: { $training }FLOPs fürs Training, { $growing }FLOPs fürs Wachsen; insgesamt { $time }.
ending-sure = Bei { $images } zurückgehaltenen Bildern können Unterschiede unter ±{ $points } Prozentpunkten Zufall sein.
ending-against = { $rival }: Verlust { $without } ohne Wachstum, { $grown } mit Wachstum.
ending-lost = Hier war es besser, nicht zu wachsen.
ending-won = Wachsen war besser.
ending-no-growth = Es ist nicht gewachsen.
ending-alone = Genauigkeit { $accuracy_before } → { $accuracy_after }, Verlust { $loss_before } → { $loss_after }. Es wurde auch länger trainiert: Was das Wachsen bewirkt hat, zeigt nur ein Rennen.
ending-worse = Der Verlust auf zurückgehaltenen Bildern ist höher als vor dem Wachsen: Es hat seine Trainingsbilder zu gut gelernt, oder seine Entscheidungen, an wenigen Bildern getroffen, haben sich nicht bewährt.
ending-noise = Der Gewinn an Genauigkeit liegt im Rauschen.

## Loss and accuracy over training steps.
curves-empty = Noch nichts trainiert.
curves-empty-next = Auf Abspielen drücken und zusehen, wie der Verlust sinkt.
curves-kept = { $preset }, Startwert { $seed } (Lauf { $run })
curves-remove = Entfernen
curves-remove-hint = Nicht mehr mit diesem Lauf vergleichen
curves-loss = Verlust: mittlere Kreuzentropie in nats, niedriger ist besser
curves-accuracy = Genauigkeit auf zurückgehaltenen Bildern, in Prozent
curves-logarithmic = Verlust logarithmisch
curves-logarithmic-hint = Nach Zehnerpotenzen: Späte, kleine Abnahmen des Verlusts sieht man dann so gut wie frühe
curves-smoothing = Glättung
curves-smoothing-hint = Trainingsschritte, über die der Verlust eines Batches gemittelt wird
curves-raw = roh
curves-over-steps = über { $steps } Schritte

## In the plots: their names, axes, curves and marks.
curves-plot-loss = Verlust
curves-plot-accuracy = Genauigkeit
curves-steps = Trainingsschritte
curves-point = Schritt { $step }: { $value }
curves-restarts = Lernrate beginnt hier neu
curves-ungrown = weitertrainiert, nicht gewachsen
curves-still-to-come = kommt noch
curves-batches = Trainingsbatches
curves-held-out = zurückgehalten
curves-growth = Wachstum

## What the stages cost.
costs-empty = Noch wurde nichts gerechnet.
costs-empty-next = Auf Abspielen drücken: Zeit und Rechenaufwand jeder Etappe werden gezählt.
costs-train = Trainieren
costs-learn = Lernen
costs-estimate = Schätzen
costs-measure = Messen
costs-grow = Wählen und wachsen
costs-total = Bisher { $time } gerechnet.
costs-stage = Etappe
costs-time = Zeit
costs-to-grow = Zum Wachsen
costs-to-show = Zum Zeigen
costs-share = Anteil an der Zeit
costs-rounds = Das Netz, Runde für Runde
costs-parameters = Parameter
costs-held-out-loss = Verlust (zurückgeh.)
costs-accuracy = Genauigkeit
costs-flop-per-image = FLOP je Bild
costs-seed = Keimnetz
costs-round-trained = Runde { $round }, trainiert
costs-round-grown = Runde { $round }, gewachsen
costs-last-trained = Zuletzt, trainiert
costs-last-grown = Zuletzt, gewachsen

## Racing configurations at equal cost.
race-question = Welche Konfiguration ergibt bei gleichem Rechenaufwand das beste Netz? Jeder Lauf darf gleich viele FLOPs fürs Trainieren, Lernen, Schätzen und Messen ausgeben.
race-ended = Jeder Lauf endete bei insgesamt { $cost }FLOPs.
race-none = Noch ist kein Rennen zu Ende gelaufen.
race-add = Einstellungen hinzufügen
race-add-hint = Danach etwas daran ändern: anderer Schätzer, andere Familie, anderes Budget oder, durch eine Datei mit Einstellungen, ein anderer Lerner
race-add-fixed = Festes Netz dieser Größe hinzufügen
race-add-fixed-hint = Ein Netz, so groß wie das dieses Laufs jetzt, das nie wächst
race-no-fixed-hint = Nur Ketten von Faltungen ohne Normierungen lassen sich als festes Netz schreiben
race-entrant-name = Name der Konfiguration { $number }
race-settings = Einstellungen…
race-remove = Entfernen
race-add-two = Zwei oder mehr hinzufügen und das Rennen starten.
race-limit = Kosten begrenzen
race-limit-hint = Sonst geben alle so viel aus, wie der teuerste nach seinen Einstellungen braucht
race-limit-each = Was jeder Lauf ausgeben darf
race-start = Rennen starten
race-resume = Rennen fortsetzen
race-foreseen-hint = Wenn jeder Lauf so lange braucht wie die Runden dieses Laufs
race-no-entrants = Konfigurationen: keine gefunden, zwei oder mehr erwartet
race-so-far = Bisher
race-runs = Läufe
race-held-out-loss = Verlust, zurückgehalten
race-accuracy = Genauigkeit
race-fixed = { $preset }, wächst nicht
race-grows = { $rounds ->
        [one] { $preset }, 1 Runde { $families } mit { $learner } ({ $estimator })
       *[other] { $preset }, { $rounds } Runden { $families } mit { $learner } ({ $estimator })
    }

## The paper's figures.
figures-name = Abbildung { $number }
figures-version = Unsere Fassung von Abbildung { $number } des Artikels: { $what }.
figures-network = das Netz, gefärbt nach dem, was die Schätzungen von jedem Kanal sagen
figures-estimates = geschätzt gegen tatsächlich, für jede Familie und jeden Schätzer
figures-learners = was die Änderungen jedes Lerners wirklich gewinnen
figures-race = Wachstum neben festen Netzen, bei gleichen Kosten
figures-small = Kleine Größen
figures-small-hint = Minuten auf zwei Kernen; verrauscht
figures-full = Volle Größen
figures-full-hint = Bis zu Stunden auf zwei Kernen
figures-make = Abbildung erstellen
figures-resume = Abbildung fortsetzen
figures-not-made = Abbildung { $number } wurde noch nicht erstellt.

## What races and figures share: seeds, progress and runs.
studied-seeds = Startwerte
studied-seeds-hint = Jeder wiederholt das Rennen mit anderen Zufallswerten; Balken zeigen die Streuung
studied-no-seed = Startwerte: „{ $found }“ gefunden, Zahlen wie 1, 2, 3 erwartet
studied-busy = Der Lauf rechnet: zuerst anhalten.
studied-cancel-hint = Abbrechen hält es an, ebenso Esc, das vorher fragt; jeder Lauf bleibt erhalten
studied-runs = Läufe: { $done } von { $all } fertig
studied-open-hint = Öffnet diesen Lauf hier; eine laufende Studie hält an und kann später fortgesetzt werden
studied-missing-hint = Noch gibt es nichts zu öffnen
studied-missing = nicht begonnen
studied-begun = begonnen
studied-grown = gewachsen
studied-done = fertig
studied-all-grown = alle Läufe sind gewachsen; jeder endet bei insgesamt { $cost }FLOPs
studied-measuring = { $run }: Messung, { $number } von { $all }
studied-growing = { $run }: Wachstum, { $number } von { $all }
studied-training = { $run }: letztes Training, { $number } von { $all }
studied-time-left = { $said }, noch { $time }

## The trials of a search.
trials-none = Noch wurde kein Netz ausprobiert.
trials-none-next = Noch wurde kein Netz ausprobiert: Zuerst wird das Keimnetz trainiert.
trials-now = Versuch { $trial }: { $why }
trials-best = Versuch { $trial } ist bisher der beste.
trials-trial = Versuch
trials-changes = Änderungen
trials-loss = Verlust
trials-loss-hint = Auf den Validierungsbildern, nach dem kurzen Training
trials-predicted = Vorhersage
trials-predicted-hint = Was die Änderungen gemeinsam gewinnen sollten
trials-at-once = Sofort
trials-at-once-hint = Was sie vor jedem Training gewannen
trials-in-the-end = Am Ende
trials-in-the-end-hint = Gegenüber dem Elternnetz, ebenso lange weitertrainiert, wo das versucht wurde
trials-parameters = Parameter
trials-parameters-hint = Wie viele mehr als das Keimnetz
trials-diverged = divergiert
trials-the-seed = das Keimnetz
trials-trained-on = { $parent }, weitertrainiert

## Whom the strategies are after.
trials-after-rounds = Wachstumsrunden
trials-after-random = Zufallssuche
trials-after-hill-climbing = nach NASH (Elsken, Metzen, Hutter, 2017), unsere Nachbildung
trials-after-evolution = nach der regularisierten Evolution (Real und andere, 2018), unsere Nachbildung
trials-after-pareto = nach LEMONADE (Elsken, Metzen, Hutter, 2018) und NSGA-II (Deb und andere, 2002), unsere Nachbildung
trials-after-autogrow = nach AutoGrow (Wen und andere, 2019), unsere Nachbildung
trials-after-ev3 = nach EV3 (arXiv 2310.18893, 2023), unsere Nachbildung

## One change along its scale.
along-part = Anteil der Änderung, der gemacht wird
along-truth = Wahrheit
along-tangent = Tangente
along-mark = Marke
along-plot = Gewinne entlang der Änderung
along-mark-at = Marke bei
along-mark-slider = Marke

## Plots and their scales.
plots-nothing = Bevor Gewinne gemessen sind, gibt es nichts zu zeichnen.
plots-plot = Diagramm: { $name }
stretch-even = gleichmäßige Skala
stretch-bent = gestreckte Skala: gleichmäßig bis ±{ $knee }, dann nach Zehnerpotenzen

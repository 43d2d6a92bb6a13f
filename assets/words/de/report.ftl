### Was die Befehle schreiben: der Bericht eines Laufs und einer Suche, der Fortschritt, wie es weitergeht.

## Kopf
report-engine = Seedling { $version }, Engine { $engine }, Startwert { $seed }
report-images = Bilder
report-images-of = { $name } ({ $source }), { $classes } Klassen: { $train } zum Trainieren, { $validation } zum Validieren, { $held } zum Berichten zurückgehalten
report-with-weights = in { $file }, mit seinen Gewichten
report-of-layers = mit den Schichten in { $file }
report-plan = Plan
report-plan-rounds =
    { $rounds ->
        [one] 1 Wachstumsrunde
       *[other] { $rounds } Wachstumsrunden
    }
report-plan-search = eine Suche ({ $after })
report-plan-from = { $plan } vom Keimnetz { $seed } aus, Änderungen durch { $families }
report-note = Hinweis
report-warning = Warnung: { $warning }

## Eine Runde
report-round = Runde { $round } von { $rounds }
report-trained = trainiert
report-grown = gewachsen
report-not-trained = Das gewachsene Netz ist noch nicht trainiert: Das nächste Training beginnt dort.
report-imitated = Das gewachsene Netz hat nur { $steps } Schritte lang sein Elternnetz nachgeahmt: Das nächste Training beginnt dort.
report-prevent = Weniger Änderungen je Runde oder confirm = true verhindern das.
report-result = Ergebnis
report-seed-trained = Keimnetz, trainiert
report-untrained = untrainiert
report-final = am Ende
report-computing = { $time } gerechnet.
report-change = Änderung
report-loss-held-out = Verlust, zurückgehalten
report-loss-training = Verlust, Training
report-accuracy-training = Genauigkeit, Training
report-parameters = Parameter
report-flops = FLOPs je Bild
report-points = { $points } Pkt.
report-about-loss = Kreuzentropie in Nat: weniger ist besser
report-about-accuracy = richtig erkannte Bilder
report-about-parameters = Zahlen, die das Training anpasst
report-about-flops = Rechnungen eines Vorwärtsdurchgangs
report-about-training = dasselbe auf den Trainingsbildern

## Ihre Kandidaten
report-candidates = Kandidaten: { $all ->
    [one] 1 Änderung erwogen
   *[other] { $all } Änderungen erwogen
    }, { $made } ausgeführt.
report-about-gain = Gewinn ist, wie weit der Verlust auf den zurückgehaltenen Bildern sinkt: geschätzt mit der Formel „{ $estimator }“, tatsächlich durch Ausführen und Nachsehen. Weite ist, wie weit in die gelernte Richtung zu gehen ist.
report-scale = Weite
report-alone = allein
report-beyond-training = über Training hinaus
report-made = ausgeführt
report-none-made = keine war ihre Kosten wert
report-best = beste Schätzungen
report-worst = schlechteste Schätzungen
report-own-step = Über das Training hinaus: Ein weiterer Schritt der vorhandenen Gewichte brächte umsonst { $gain }, nach dem linearisierten Verlust auf den Validierungsbildern. Was eine Änderung neben diesem Schritt gewinnt, ist Wachstum; allein kann ein Teil davon Training sein.
report-added = Die ausgeführten Änderungen bringen { $gain } zusätzlich.
report-no-length = Zusammen versucht senkt keine Weite der Änderungen den Verlust: Das Netz bleibt, wie es ist.
report-together = Zusammen: Die { $made } Änderungen beheben dieselben Fehler, darum addieren sich ihre Einzelgewinne nicht. Die gemeinsame Schätzung sieht alle zugleich voraus, jede nur so weit ausgeführt, wie die anderen ihr Arbeit lassen.
report-validation = Validierung
report-held-out = zurückgehalten
report-joint = gemeinsame Schätzung
report-came = herausgekommen
report-factor = Ausgeführt mit dem { $factor }-Fachen der gewählten Weiten: dem besten, das versucht wurde.
report-agreement = Übereinstimmung geschätzter und tatsächlicher Gewinne, über alle Kandidaten einer Familie; 1 ist perfekt. Pearson: Liegen sie auf einer Geraden? Spearman: Sind sie in derselben Reihenfolge? Steigung: tatsächlich je geschätzt.
report-slope = Steigung
report-not-all = nicht alle
report-measured = gemessen

## Am Ende
report-in-the-end = Am Ende: { $followed ->
    [one] 1 Änderung
   *[other] { $followed } Änderungen
    } durch das nächste Training verfolgt, jede allein in einem Zwilling des Netzes. Gewinn am Ende ist, wie weit der Verlust auf den zurückgehaltenen Bildern unter { $loss } liegt, dem eines Zwillings ohne Änderung.
report-all-made = alle ausgeführten
report-own-score = die Wertung des Lerners
report-gain-at-once = der Gewinn sofort
report-again = das Ende in anderer Reihenfolge
report-foreseen = Spearman mit dem Ende: { $ranks }.

## Was es gekostet hat
report-work = Arbeit
report-seconds = Sekunden
report-to-show = zum Zeigen
report-train = die Gewichte anpassen, das Ergebnis bewerten
report-learn = für alle Kandidaten zugleich die beste Form finden
report-estimate = Weiten wählen, jeden Gewinn nach jeder Formel vorhersagen
report-measure = die Änderungen einzeln ausführen, um die tatsächlichen Gewinne zu sehen
report-choose = die aussichtsreichsten zusammen versuchen
report-grow = das Netz umschreiben und bewerten
report-about-flop = FLOPs sind, was die Methode braucht; was nur zeigt, wie gut sie ist, wird getrennt gezählt.
report-files = Alle Zahlen stehen in { $folder } (run.json, { $table }).

## Eine Suche
report-trial = Versuch { $trial }
report-seed-trial = das Keimnetz, trainiert
report-copy-trial = Versuch { $parent }, weitertrainiert
report-changed-trial = { $changes } an Versuch { $parent }
report-trial-loss = Verlust { $loss }
report-trial-predicted = vorhergesagt { $gain } ± { $error }, sofort { $immediate }
report-trial-gained = gewonnen { $gain }
report-trial-best = der beste bisher
report-search = Suche: { $after }
report-search-cost = { $trials } Versuche nach dem Keimnetz in { $time }, { $cost }FLOP der Methode; das eigene Nachdenken kostete { $thinking }FLOP und { $thought }.
report-goes-on = Versuch { $trial } macht weiter. Er wurde unternommen, weil: { $why }
report-trial-column = Versuch
report-parent = Eltern
report-loss = Verlust
report-predicted = vorhergesagt
report-about-trials = Verluste und Gewinne gelten auf den Validierungsbildern; nach den zurückgehaltenen, auf denen die jeweils besten Versuche bewertet werden, wird nichts entschieden. Am Ende heißt: nach dem kurzen Training, gegenüber dem ebenso lange weitertrainierten Elternnetz, wo es das gab.
report-beliefs = Was geglaubt wurde: { $count ->
    [one] 1 Vorhersage
   *[other] { $count } Vorhersagen
    }; Spearman { $once } mit dem Gewinn sofort, { $end } mit dem Gewinn am Ende; { $within } der Gewinne sofort lagen höchstens zwei Standardfehler neben der Vorhersage.
report-not-learned = Vorhergesagt ist, was die Änderungen brächten, wenn sie gelernt würden, was hier nicht geschieht: Sofort ändert nur, was etwas entfernt oder zufällig gezogen ist, was das Netz berechnet.

## Fortschritt
report-search-stage = Suche, { $stage }
report-final-stage = zuletzt, { $stage }
report-round-stage = Runde { $round } von { $rounds }, { $stage }
report-done-in = fertig nach { $time }
report-notice = Hinweis: { $text }
report-warned = Warnung: { $text }

## Wie es weitergeht
report-finished = Der Lauf in { $folder } ist abgeschlossen; nichts wurde geändert. Um weiter zu wachsen, gib mehr --rounds an.
report-at-learning = in Runde { $round }, Lernschritt { $step } von { $steps }
report-before-stage = vor der Etappe { $stage } der Runde { $round }
report-at-training = in Runde { $round }, Trainingsschritt { $step } von { $steps }
report-saved = alles ist gespeichert
report-saved-before = alles davor ist gespeichert, und die Etappe { $stage } beginnt von vorn
report-stopped = Angehalten { $place }; { $saved }. Weiter geht es mit: seedling grow --resume { $folder }
report-stopped-unsaved = Angehalten { $place }; nichts wurde gespeichert. Mit --out ORDNER kann ein Lauf später weitergehen: --resume ORDNER.

## Ein Vergleich
report-compared = { $configurations } Konfigurationen, je { $seeds ->
    [one] 1 Startwert
   *[other] { $seeds } Startwerte
    }, jeder Lauf zu Gesamtkosten von { $cost }FLOPs (Trainieren, Lernen, Schätzen, Messen, Wählen und Bewerten alle gezählt); das letzte Training jedes Laufs nimmt, was der Rest übrig ließ.
report-compared-files = Alle Zahlen stehen in { $folder } (summary.csv, curves.csv).

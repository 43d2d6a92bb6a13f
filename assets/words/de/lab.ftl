### Was ein Lauf unterwegs meldet.

lab-joint-none = keine Änderung ist ihre Kosten wert: Das Netz bleibt, wie es ist
lab-joint-no-length = { $wanted } Änderungen sollten zusammen helfen, aber keine der versuchten Längen tut es: Das Netz bleibt, wie es ist
lab-joint = { $made } Änderungen zusammen: Summe der einzelnen Gewinne { $sum }, gemeinsam geschätzt { $promised }, gekommen { $came }
lab-search-ends = { $why } Versuch { $trial } macht weiter.
lab-the-engine = Die Engine im Hintergrund
lab-the-gpu = Die GPU
lab-lost-in-training = { $what } ging verloren; neu gestartet ab Schritt { $step }
lab-lost-and-on = { $what } ging verloren; die Etappe { $stage } geht weiter
lab-lost-and-again = { $what } ging verloren; die Etappe { $stage } beginnt von vorn
lab-no-place = keine Stelle dieses Netzes lässt eine der Familien zu
lab-confirmed = { $tested } Änderungen nacheinander geprüft, jede auf den vorigen: { $earned } waren ihre Parameter wert
lab-none-worth-it = kein Kandidat ist seine Kosten wert: Das Netz bleibt, wie es ist
lab-own-step-diverges = über das Training hinaus: Der eigene Schritt der vorhandenen Gewichte divergiert, darum wird nichts an ihm gemessen
lab-trial-diverged = das Training von Versuch { $trial } divergierte
lab-twin = am Ende: Zwilling { $number } von { $total } wird trainiert
lab-twin-diverged = am Ende: der Zwilling ohne Änderung divergierte
lab-learner-diverges = am Ende: { $learner } divergiert und bewertet nichts
lab-no-better-than-guessing = Nach Runde { $round } ist das Netz nicht besser als Raten: Sein Verlust auf zurückgehaltenen Bildern ging von { $before } auf { $after } und seine Genauigkeit auf { $accuracy }; Raten hat { $guessing } und { $chance }.
lab-few-validation-images = { $images ->
    [one] Es gibt nur 1 Validierungsbild
   *[other] Es gibt nur { $images } Validierungsbilder
    }: Weiten und Änderungen werden nach so wenigen weitgehend zufällig gewählt.
lab-no-place-in-seed = Das Keimnetz hat keine Stelle für { $families }: Nur durch Wachsen kann eine entstehen.

about-seconds = etwa { $count } s
about-minutes = etwa { $count } min
about-hours = etwa { $count } h

## Why a search tries a network.
reason-seed = Das Keimnetz, trainiert.
reason-copy = Versuch { $parent } wird unverändert ebenso lange weitertrainiert: Was eine Änderung darüber hinaus gewinnt, ist nicht Training.
reason-chance = { $changes ->
    [one] 1 zufällige Änderung des Keimnetzes, weitertrainiert: Der Zufall wählt.
   *[other] { $changes } zufällige Änderungen des Keimnetzes, weitertrainiert: Der Zufall wählt.
    }
reason-chance-fresh = { $changes ->
    [one] 1 zufällige Änderung des Keimnetzes, mit frischen Gewichten: Der Zufall wählt.
   *[other] { $changes } zufällige Änderungen des Keimnetzes, mit frischen Gewichten: Der Zufall wählt.
    }
reason-unchanged = Schritt { $step }: Versuch { $current } wird unverändert weitertrainiert, damit nichts wachsen muss.
reason-neighbour = { $changes ->
    [one] Schritt { $step }: Nachbar { $neighbour } von { $neighbours } von Versuch { $current }, 1 zufällige Änderung.
   *[other] Schritt { $step }: Nachbar { $neighbour } von { $neighbours } von Versuch { $current }, { $changes } zufällige Änderungen.
    }
reason-fills = Füllt die Population auf, { $member } von { $population }, vom Keimnetz aus.
reason-fittest = Versuch { $parent } ist der tauglichste von { $sample }, die unter den lebenden gezogen wurden; Versuch { $oldest } ist der älteste und stirbt.
reason-rare = Generation { $generation }: Kind { $child } von { $trained }, gewählt unter { $proposals } dort, wo wenige der { $front } auf der Front liegen; sein Elternnetz ist Versuch { $parent }.
reason-appends = { $count ->
    [0] Hängt an die Schichten bei { $side }×{ $side } an; keine Gruppe ist geschlossen.
   *[other] Hängt an die Schichten bei { $side }×{ $side } an; geschlossen: { $groups }.
    }
reason-explores = Iteration { $iteration }: Versuch { $working } erkundet, hin zu den Klassen, mit dem { $rate }-Fachen der Lernrate; Versuch { $stable } ist der gesicherte.
reason-imitates = Iteration { $iteration }: Versuch { $working } erkundet, hin zu den Antworten von Versuch { $teacher }, mit dem { $rate }-Fachen der Lernrate; Versuch { $stable } ist der gesicherte.
reason-least = Ein Gewinn unter { $least } ist auf diesen Bildern nicht nachzuweisen.
reason-unproved = { $changes ->
    [one] { $iterations } Iterationen haben nichts Besseres als Versuch { $stable } nachgewiesen: Versuch { $working } wächst um 1 Änderung.
   *[other] { $iterations } Iterationen haben nichts Besseres als Versuch { $stable } nachgewiesen: Versuch { $working } wächst um { $changes } Änderungen.
    }

## Why a search is over.
end-no-seed = Es gibt kein Keimnetz.
end-enough = { $trials ->
    [one] Verlangt war 1 Versuch.
   *[other] Verlangt waren { $trials } Versuche.
    }
end-spent = Der nächste Versuch würde den Anteil der Suche an den Kosten des Laufs überschreiten.
end-no-change = Keine Änderung von Versuch { $parent } ist erlaubt: Die Suche ist vorbei.
end-no-change-of-front = Generation { $generation }: Keine Änderung der Front ist erlaubt.
end-no-group = { $count ->
    [0] Keine Schichten können mehr wachsen: Keine hat einen Platz.
   *[other] Keine Gruppe kann mehr wachsen; geschlossen: { $groups }.
    }

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

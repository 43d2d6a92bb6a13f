### Ce qu'une expérience annonce en cours de route.

lab-joint-none = aucun changement ne vaut son coût : le réseau reste tel quel
lab-joint-no-length = { $wanted } changements devraient aider ensemble, mais aucune des longueurs essayées ne le fait : le réseau reste tel quel
lab-joint = { $made } changements ensemble : somme des gains isolés { $sum }, estimation commune { $promised }, obtenu { $came }
lab-search-ends = { $why } L'essai { $trial } continue.
lab-the-engine = Le moteur en arrière-plan
lab-the-gpu = Le GPU
lab-lost-in-training = { $what } a été perdu ; reprise au pas { $step }
lab-lost-and-on = { $what } a été perdu ; l'étape { $stage } continue
lab-lost-and-again = { $what } a été perdu ; l'étape { $stage } recommence
lab-no-place = aucun endroit de ce réseau ne permet une des familles
lab-confirmed = { $tested } changements essayés tour à tour, chacun par-dessus les précédents : { $earned } ont mérité leurs paramètres
lab-none-worth-it = aucun candidat ne vaut son coût : le réseau reste tel quel
lab-own-step-diverges = au-delà de l'entraînement : le pas propre des poids existants diverge, rien n'y est donc comparé
lab-trial-diverged = l'entraînement de l'essai { $trial } a divergé
lab-twin = à la fin : entraînement du jumeau { $number } sur { $total }
lab-twin-diverged = à la fin : le jumeau sans changement a divergé
lab-learner-diverges = à la fin : { $learner } diverge et ne note rien
lab-no-better-than-guessing = Le tour { $round } a rendu le réseau à peine meilleur que le hasard : sa perte sur les images réservées est passée de { $before } à { $after } et son exactitude à { $accuracy } ; le hasard a { $guessing } et { $chance }.
lab-few-validation-images = { $images ->
    [one] Il n'y a qu'une image de validation
   *[other] Il n'y a que { $images } images de validation
    } : par si peu, pas et changements sont choisis en grande partie au hasard.
lab-no-place-in-seed = Le réseau initial n'a pas de place pour { $families } : seule la croissance peut en créer une.

about-seconds = environ { $count } s
about-minutes = environ { $count } min
about-hours = environ { $count } h

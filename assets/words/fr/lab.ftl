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

## Why a search tries a network.
reason-seed = Le réseau initial, entraîné.
reason-copy = L'essai { $parent } continue l'entraînement aussi longtemps sans rien changer : ce qu'un changement gagne de plus ne vient pas de l'entraînement.
reason-chance = { $changes ->
    [one] 1 changement au hasard du réseau initial, dont l'entraînement continue : c'est le hasard qui choisit.
   *[other] { $changes } changements au hasard du réseau initial, dont l'entraînement continue : c'est le hasard qui choisit.
    }
reason-chance-fresh = { $changes ->
    [one] 1 changement au hasard du réseau initial, avec des poids neufs : c'est le hasard qui choisit.
   *[other] { $changes } changements au hasard du réseau initial, avec des poids neufs : c'est le hasard qui choisit.
    }
reason-unchanged = Étape { $step } : l'essai { $current } continue l'entraînement sans rien changer, pour que rien n'ait à grandir.
reason-neighbour = { $changes ->
    [one] Étape { $step } : voisin { $neighbour } sur { $neighbours } de l'essai { $current }, 1 changement au hasard.
   *[other] Étape { $step } : voisin { $neighbour } sur { $neighbours } de l'essai { $current }, { $changes } changements au hasard.
    }
reason-fills = Complète la population, { $member } sur { $population }, à partir du réseau initial.
reason-fittest = L'essai { $parent } est le plus apte de { $sample } tirés parmi les vivants ; l'essai { $oldest } est le plus vieux et meurt.
reason-rare = Génération { $generation } : enfant { $child } sur { $trained }, choisi parmi { $proposals } là où se trouvent peu des { $front } du front ; son parent est l'essai { $parent }.
reason-appends = { $count ->
    [0] Ajoute aux couches à { $side }×{ $side } ; aucun groupe n'est fermé.
   *[other] Ajoute aux couches à { $side }×{ $side } ; fermés : { $groups }.
    }
reason-explores = Itération { $iteration } : l'essai { $working } explore, vers les classes, à { $rate } fois le taux d'apprentissage ; l'essai { $stable } est le réseau stable.
reason-imitates = Itération { $iteration } : l'essai { $working } explore, vers les réponses de l'essai { $teacher }, à { $rate } fois le taux d'apprentissage ; l'essai { $stable } est le réseau stable.
reason-least = Un gain inférieur à { $least } ne peut pas être prouvé sur ces images.
reason-unproved = { $changes ->
    [one] { $iterations } itérations n'ont rien prouvé de meilleur que l'essai { $stable } : l'essai { $working } grandit d'un changement.
   *[other] { $iterations } itérations n'ont rien prouvé de meilleur que l'essai { $stable } : l'essai { $working } grandit de { $changes } changements.
    }

## Why a search is over.
end-no-seed = Il n'y a pas de réseau initial.
end-enough = { $trials ->
    [one] 1 essai était demandé.
   *[other] { $trials } essais étaient demandés.
    }
end-spent = L'essai suivant dépasserait la part de la recherche dans le coût de l'expérience.
end-no-change = Aucun changement de l'essai { $parent } n'est permis : la recherche est finie.
end-no-change-of-front = Génération { $generation } : aucun changement du front n'est permis.
end-no-group = { $count ->
    [0] Aucune couche ne peut plus grandir : aucune n'a de place.
   *[other] Aucun groupe ne peut plus grandir ; fermés : { $groups }.
    }

### What stands around the panels: the screen's frame, its dialogs about lessons, and the lesson at the left.

## The panels, and what is said above them

screen-network-tab = Réseau
screen-panel-list = Panneau
screen-no-formula = La formule d'une estimation apparaît ici, avec ses propres nombres, dès qu'il y a des candidats.
screen-dismiss = Masquer
screen-starting = Démarrage
screen-question-hint = « Lecture » s'arrête ici, le temps de regarder ; « Jusqu'au bout » continue
screen-repair-setup = Ouvrir les réglages
screen-repair-take-back = Annuler
screen-repair-again = Réessayer
screen-repair-another = En ouvrir une autre…
screen-recorded = Cette expérience a été enregistrée : appuyez sur « Lecture », et elle continue à partir d'ici.
screen-first-lesson = Première leçon

## What is told and complained of

screen-no-run = Il n'y a pas encore d'expérience.
screen-link-copied = Le lien vers cette expérience est copié ; il est aussi dans la barre d'adresse.
screen-link-shown = Le lien vers cette expérience est dans la barre d'adresse : copiez-le de là.
screen-still-forming = Les estimations sont encore en cours : exportez-les une fois faites.
screen-looking-at = Examen de { $path }
screen-images-here = { $folder } est là : choisissez-le dans les réglages d'une nouvelle expérience
screen-log-begun = Ce qui est fait est écrit dans { $path }, jusqu'à ce que la même commande y mette fin.
screen-log-ended = Le journal est terminé : { $why }
screen-file-written = { $path } est écrit.
screen-page-saves = { $path } : une page enregistre la fiche là où elle est affichée

## What can be dropped on the window

held-title = Déposez pour le prendre
held-kinds = Images : { $images }. Ou { $others }.

## Whether to stop what is under way

stopping-race = Arrêter la course ?
stopping-figure = Arrêter la figure { $number } ?
stopping-stage = Arrêter l'étape « { $stage } » ?
stopping-anything = Arrêter ce qui est en cours ?
stopping-taken = Cela a pris { $time } jusqu'ici.
stopping-runs-kept = Chaque expérience est conservée, et le même bouton reprend la suite.
stopping-goes-on = « Lecture » reprend à partir de là.
stopping-begins-again = Cela recommencerait du début.
stopping-keep-going = Continuer
stopping-keep-going-hint = Escape encore une fois fait de même
stopping-now = Arrêter

## The menu of lessons, and the card at the end of one

lessons-title = Leçons
lessons-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
    }
lessons-open = Ouvrir
lessons-open-named = Ouvrir la leçon { $title }
lessons-own = Une leçon de votre main (.toml) s'ouvre quand vous la déposez ici.
lessons-close = Fermer
lessons-save-png = Enregistrer en PNG…
lessons-save-text = Enregistrer en texte…

## The lesson at the left: where it is

guide-step = Étape { $place } sur { $count }
guide-leave = Quitter
guide-leave-hint = Fermer la leçon ; elle est gardée telle quelle
guide-leave-named = Quitter la leçon
guide-opening-run = Ouverture de l'expérience de cette étape
guide-another-run = Une autre expérience que celle de cette étape est ouverte.
guide-open-run = Ouvrir l'expérience de la leçon
guide-working = En cours : { $stage }
guide-stopped = Arrêté avant la fin de l'étape « { $stage } ».
guide-go-on = Continuer
guide-hint = Indice
guide-show-answer = Montrer la réponse
guide-back = Retour
guide-next = Suivant
guide-to-card = Vers ma fiche
guide-no-recording = Ce programme n'a pas l'expérience enregistrée de cette leçon.
guide-not-kept = Vos réponses ne sont pas conservées : { $why }

## The lesson at the left: its questions

guide-read = J'ai lu
guide-check = Vérifier
guide-keep-order = Garder cet ordre
guide-keep = Garder
guide-done = Fait.
guide-notices-itself = L'application remarque d'elle-même quand c'est fait.
guide-start-race = Lancer la course de la leçon
guide-selected = Sélection : { $what }
guide-nothing-selected = Rien n'est encore sélectionné.
guide-channel = canal { $channel } de { $layer }
guide-none-yet = aucun pour le moment
guide-split = Le diviser
guide-remove = Le retirer
guide-to-split = À diviser : { $what }
guide-to-remove = À retirer : { $what }
guide-your-answer = Votre réponse
guide-your-sentence = Votre phrase
guide-not-a-number = « { $text } » trouvé, un nombre est attendu, par exemple { $example }.
guide-ticked-by-you = { $most ->
    [one] Cochés par vous : { $count } sur { $most } changement au plus.
   *[other] Cochés par vous : { $count } sur { $most } changements au plus.
    }
guide-ticked-by-method = { $most ->
    [one] Cochés par la méthode : { $count } sur { $most } changement au plus.
   *[other] Cochés par la méthode : { $count } sur { $most } changements au plus.
    }
guide-ticked-by-you-within = { $most ->
    [one] Cochés par vous : { $count } sur { $most } changement au plus, { $added } sur { $allowed } paramètres au plus.
   *[other] Cochés par vous : { $count } sur { $most } changements au plus, { $added } sur { $allowed } paramètres au plus.
    }
guide-ticked-by-method-within = { $most ->
    [one] Cochés par la méthode : { $count } sur { $most } changement au plus, { $added } sur { $allowed } paramètres au plus.
   *[other] Cochés par la méthode : { $count } sur { $most } changements au plus, { $added } sur { $allowed } paramètres au plus.
    }
guide-before-growth = Revenir avant la croissance
guide-grow = Croître ainsi

### What a run tells while it goes on.

lab-joint-none = no change is worth its cost: the network stays as it is
lab-joint-no-length = { $wanted } changes should help together, but none of the tried lengths does: the network stays as it is
lab-joint = { $made } changes together: single gains sum to { $sum }, the joint estimate is { $promised }, { $came } came
lab-search-ends = { $why } Trial { $trial } goes on.
lab-the-engine = The engine in the background
lab-the-gpu = The GPU
lab-lost-in-training = { $what } was lost; started again from step { $step }
lab-lost-and-on = { $what } was lost; stage { $stage } goes on
lab-lost-and-again = { $what } was lost; started stage { $stage } again
lab-no-place = no place of this network allows any of the families
lab-confirmed = tested { $tested } changes in turn, each on top of those before it: { $earned } earned their parameters
lab-none-worth-it = no candidate is worth its cost: the network stays as it is
lab-own-step-diverges = beyond training: the existing weights' own step diverges, so nothing is held against it
lab-trial-diverged = the training of trial { $trial } diverged
lab-twin = in the end: training twin { $number } of { $total }
lab-twin-diverged = in the end: the twin without any change diverged
lab-learner-diverges = in the end: { $learner } diverges and scores nothing
lab-no-better-than-guessing = Round { $round } made the network no better than guessing: its held-out loss went from { $before } to { $after } and its accuracy to { $accuracy }, where guessing has { $guessing } and { $chance }.
lab-few-validation-images = { $images ->
    [one] There is only 1 validation image
   *[other] There are only { $images } validation images
    }: scales and changes are chosen by so few largely by chance.
lab-no-place-in-seed = The seed network has no place for { $families }: it can only get one by growing.

about-seconds = about { $count } s
about-minutes = about { $count } min
about-hours = about { $count } h

## Why a search tries a network.
reason-seed = The seed network, trained.
reason-copy = Trial { $parent } is trained on unchanged for as long: what a change of it gains beyond that is not training.
reason-chance = { $changes ->
    [one] 1 random change of the seed, trained on: chance chooses.
   *[other] { $changes } random changes of the seed, trained on: chance chooses.
    }
reason-chance-fresh = { $changes ->
    [one] 1 random change of the seed, with fresh weights: chance chooses.
   *[other] { $changes } random changes of the seed, with fresh weights: chance chooses.
    }
reason-unchanged = Step { $step }: trial { $current } trained on unchanged, so that nothing has to grow.
reason-neighbour = { $changes ->
    [one] Step { $step }: neighbour { $neighbour } of { $neighbours } of trial { $current }, 1 random change.
   *[other] Step { $step }: neighbour { $neighbour } of { $neighbours } of trial { $current }, { $changes } random changes.
    }
reason-fills = Fills the population, { $member } of { $population }, from the seed.
reason-fittest = Trial { $parent } is the fittest of { $sample } drawn from the living; trial { $oldest } is the oldest and dies.
reason-rare = Generation { $generation }: child { $child } of { $trained } chosen among { $proposals } where few of the front's { $front } are; its parent is trial { $parent }.
reason-appends = { $count ->
    [0] Appends to the layers at { $side }×{ $side }; no group is closed.
   *[other] Appends to the layers at { $side }×{ $side }; closed: { $groups }.
    }
reason-explores = Iteration { $iteration }: trial { $working } explores, towards the labels at { $rate } of the rate; trial { $stable } is stable.
reason-imitates = Iteration { $iteration }: trial { $working } explores, towards the answers of trial { $teacher } at { $rate } of the rate; trial { $stable } is stable.
reason-least = A gain below { $least } cannot be proved on these images.
reason-unproved = { $changes ->
    [one] { $iterations } iterations proved nothing better than trial { $stable }: trial { $working } grows by 1 change.
   *[other] { $iterations } iterations proved nothing better than trial { $stable }: trial { $working } grows by { $changes } changes.
    }

## Why a search is over.
end-no-seed = There is no seed.
end-enough = { $trials ->
    [one] 1 trial was asked for.
   *[other] { $trials } trials were asked for.
    }
end-spent = The next trial would exceed the search's share of the run's cost.
end-no-change = No change of trial { $parent } is allowed: the search is over.
end-no-change-of-front = Generation { $generation }: no change of the front is allowed.
end-no-group = { $count ->
    [0] No layers are left to grow: none has a place.
   *[other] No group is left to grow; closed: { $groups }.
    }

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

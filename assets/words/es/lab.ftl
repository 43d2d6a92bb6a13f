### Lo que un experimento comunica sobre la marcha.

lab-joint-none = ningún cambio vale su coste: la red queda como está
lab-joint-no-length = { $wanted } cambios deberían ayudar juntos, pero ninguna de las longitudes probadas lo hace: la red queda como está
lab-joint = { $made } cambios juntos: suma de ganancias por separado { $sum }, estimación conjunta { $promised }, obtenido { $came }
lab-search-ends = { $why } El ensayo { $trial } sigue.
lab-the-engine = El motor en segundo plano
lab-the-gpu = La GPU
lab-lost-in-training = { $what } se perdió; se reanuda desde el paso { $step }
lab-lost-and-on = { $what } se perdió; la etapa { $stage } sigue
lab-lost-and-again = { $what } se perdió; la etapa { $stage } empieza de nuevo
lab-no-place = ningún lugar de esta red admite alguna de las familias
lab-confirmed = { $tested } cambios probados por turno, cada uno sobre los anteriores: { $earned } merecieron sus parámetros
lab-none-worth-it = ningún candidato vale su coste: la red queda como está
lab-own-step-diverges = más allá del entrenamiento: el paso propio de los pesos existentes diverge, así que nada se compara con él
lab-trial-diverged = el entrenamiento del ensayo { $trial } divergió
lab-twin = al final: se entrena la gemela { $number } de { $total }
lab-twin-diverged = al final: la gemela sin cambios divergió
lab-learner-diverges = al final: { $learner } diverge y no puntúa nada
lab-no-better-than-guessing = La ronda { $round } dejó la red no mejor que el azar: su pérdida en imágenes reservadas pasó de { $before } a { $after } y su exactitud a { $accuracy }; el azar tiene { $guessing } y { $chance }.
lab-few-validation-images = { $images ->
    [one] Solo hay 1 imagen de validación
   *[other] Solo hay { $images } imágenes de validación
    }: con tan pocas, pasos y cambios se eligen en gran parte al azar.
lab-no-place-in-seed = La red inicial no tiene lugar para { $families }: solo creciendo puede obtener uno.

about-seconds = unos { $count } s
about-minutes = unos { $count } min
about-hours = unas { $count } h

## Why a search tries a network.
reason-seed = La red inicial, entrenada.
reason-copy = El ensayo { $parent } sigue entrenándose igual de tiempo sin cambios: lo que un cambio gane por encima no es entrenamiento.
reason-chance = { $changes ->
    [one] 1 cambio al azar de la red inicial, que sigue entrenándose: elige el azar.
   *[other] { $changes } cambios al azar de la red inicial, que sigue entrenándose: elige el azar.
    }
reason-chance-fresh = { $changes ->
    [one] 1 cambio al azar de la red inicial, con pesos nuevos: elige el azar.
   *[other] { $changes } cambios al azar de la red inicial, con pesos nuevos: elige el azar.
    }
reason-unchanged = Paso { $step }: el ensayo { $current } sigue entrenándose sin cambios, para que nada tenga que crecer.
reason-neighbour = { $changes ->
    [one] Paso { $step }: vecino { $neighbour } de { $neighbours } del ensayo { $current }, 1 cambio al azar.
   *[other] Paso { $step }: vecino { $neighbour } de { $neighbours } del ensayo { $current }, { $changes } cambios al azar.
    }
reason-fills = Completa la población, { $member } de { $population }, a partir de la red inicial.
reason-fittest = El ensayo { $parent } es el más apto de { $sample } sacados entre los vivos; el ensayo { $oldest } es el más viejo y muere.
reason-rare = Generación { $generation }: hijo { $child } de { $trained }, elegido entre { $proposals } donde hay pocas de las { $front } redes del frente; su red madre es el ensayo { $parent }.
reason-appends = { $count ->
    [0] Añade a las capas de { $side }×{ $side }; ningún grupo está cerrado.
   *[other] Añade a las capas de { $side }×{ $side }; cerrados: { $groups }.
    }
reason-explores = Iteración { $iteration }: el ensayo { $working } explora, hacia las clases, a { $rate } veces la tasa de aprendizaje; el ensayo { $stable } es el estable.
reason-imitates = Iteración { $iteration }: el ensayo { $working } explora, hacia las respuestas del ensayo { $teacher }, a { $rate } veces la tasa de aprendizaje; el ensayo { $stable } es el estable.
reason-least = Una ganancia menor que { $least } no se puede demostrar con estas imágenes.
reason-unproved = { $changes ->
    [one] { $iterations } iteraciones no demostraron nada mejor que el ensayo { $stable }: el ensayo { $working } crece con 1 cambio.
   *[other] { $iterations } iteraciones no demostraron nada mejor que el ensayo { $stable }: el ensayo { $working } crece con { $changes } cambios.
    }

## Why a search is over.
end-no-seed = No hay red inicial.
end-enough = { $trials ->
    [one] Se pidió 1 ensayo.
   *[other] Se pidieron { $trials } ensayos.
    }
end-spent = El siguiente ensayo superaría la parte de la búsqueda en el coste del experimento.
end-no-change = No se permite ningún cambio del ensayo { $parent }: la búsqueda terminó.
end-no-change-of-front = Generación { $generation }: no se permite ningún cambio del frente.
end-no-group = { $count ->
    [0] No quedan capas que puedan crecer: ninguna tiene sitio.
   *[other] No queda ningún grupo que pueda crecer; cerrados: { $groups }.
    }

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

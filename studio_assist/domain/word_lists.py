"""Lists of ordinary English words, our own: base forms. `ordinary_words` has the rules for endings."""

from __future__ import annotations

from typing import Final

from studio_assist.domain.common_words import word_set

#: Places that every production has. By themselves they identify nothing.
PLACES: Final = word_set(
    """
    airport aisle alcove alley ambulance apartment arcade archive area arena attic auditorium backroom
    backstage backyard bakery balcony ballroom bank bar barn barracks base basement bath bathroom
    bathtub bay beach bed bedroom block boardroom boat booth border bridge bridges building bungalow
    bunker bus bush cab cabin cafe cafeteria camp campground campus canteen canyon car caravan carriage
    castle cave ceiling cell cellar cemetery chamber chapel church cinema city classroom clearing cliff
    clinic closet cloud club coast cockpit college compound conference cabinet control corner corridor
    cottage council counter country countryside court courtroom creek courtyard crossing crossroads
    crypt dance deck den depot desert desk diner dining district dock docks door doorway dormitory
    downtown drive driveway dungeon edge elevator embassy emergency engine enclosure entrance entry
    estate exam exit factory farm farmhouse fence field fields flat floor forest fountain foyer front
    gallery garage garden gardens gas gate ghetto grave graveyard grocery ground grounds gym hall
    hallway hangar harbor harbour headquarters heaven hell highway hill hills home hospital hostel hotel
    house houses hut ice inn inside institute interior interrogation island jail jeep jetty jungle
    junction junkyard kitchen lab laboratory lake lamp landing lane laundry lawn library lift lighthouse
    living lobby lodge loft lounge lot main mall mansion market marsh maze meadow meeting mill mine
    mines mobile morgue mosque motel motorway mountain mountains mud museum neighborhood neighbourhood
    nightclub nowhere nursery ocean office offices opera orchard outpost outside palace pantry parade
    park parking parlor parlour passage patio pavement pavilion penthouse pier pit place plain plane
    planet plant platform playground plaza point police pond pool porch port post precinct prison
    projection pub quarry quarters quay radio railway rail ranch range reception residence restaurant
    restroom ridge river riverbank road roads roadside roof rooftop room rooms ruin ruins runway school
    schoolyard sea seaside set sewer shack shed shelter ship shop shops shore shower shrine sidewalk
    site sky slope smoking space square stable stage stair staircase stairs stairwell stall stand
    station steps storage store storeroom storm strait stream street streets studio study subway suburb
    suite summit supermarket surface surgery swamp swimming synagogue tavern taxi television temple tent
    terminal terrace theater theatre toilet tomb tower town townhouse track tracks trail trailer train
    trains tram tree trees trench truck tunnel underground university vacant valley van vault vehicle
    veranda vestibule village villa void waiting wall ward wardrobe warehouse washroom wasteland water
    waterfall waterfront wheel wild winch window wing wood woods workshop yacht yard zone zoo
    """
)

#: Words beside a place or a role that make no name of it.
QUALIFIERS: Final = word_set(
    """
    abandoned adjacent afternoon loading unloading changing another back backward behind best big black
    blue bottom bright broken brown burning busy center central centre clean continuous crowded dark
    dawn day dead deep derelict different dim dirty distant downstairs dream dusk early east eastern
    elsewhere empty end evening extreme far fast female fifth first flashback flooded fourth front
    frozen future giant golden great green grey gray half hidden high huge ice inner intercut interior
    large last late later left little lone long lost low lower magic male massive master middle midnight
    modern moments montage more moving narrow near new next night north northern old opposite other
    outer past pouring present private public quiet red rear right ruined same scary second secret seedy
    series several shabby short side simultaneous sixth small smaller snowy south southern strange sunny
    sunrise sunset tall third tiny top ugly under unknown upper upstairs vast vacant various very warm
    wedding west western wet white wide winter summer spring autumn young younger older number one two
    three four five six seven eight nine ten int ext est pov cont contd vo os oc intro title card super
    insert close angle wide shot scene act
    """
)

#: Roles beside those of `common_words.PEOPLE`: who speaks by these has no name.
ROLES: Final = word_set(
    """
    all both others everybody accountant actor actress addict agent ambassador anchor announcer
    apprentice architect artist assistant astronaut attendant attorney audience author baker banker
    barber barista barman bartender beggar bellboy biker bodyguard boss bouncer boyfriend bride brat
    bully businessman businesswoman butcher butler caller captain caretaker carpenter cashier chauffeur
    cheerleader chef chief chorus clerk client clown coach colonel commander commentator commuter
    concierge conductor contestant controller cook coroner couple courier cousin cowboy creature
    customer cyclist dancer dealer delivery demonstrator dentist deputy detective diner diplomat
    director dispatcher doorman driver drunk duchess duke editor elder emperor engineer everyone
    executive expert extra fan farmer father fighter figure firefighter fireman fisherman follower
    foreman gambler gang gangster gardener general generic ghoul giant governor grandchild granddaughter
    grandson groom group guard guest guide gunman guy guys hacker henchman hero host hostess hunter
    hunters immigrant inmate inspector intern interpreter interviewer investigator jailer janitor jogger
    journalist judge juror jury kidnapper landlady landlord lawyer leader lecturer lieutenant lookout
    lover machine magician maid mailman manager marshal matron mayor mechanic member merchant messenger
    midwife military millionaire minister miner mob monk monks mourner mugger musician narrator nanny
    neighbour neighbor newscaster newsreader nun observer officer official onlooker operator orderly
    owner page paramedic passenger passerby pastor patient pedestrian performer photographer pianist
    pilgrim pilot pimp pirate player plumber poet policeman policewoman politician porter postman
    president presenter principal prisoner producer professor prosecutor protester psychiatrist
    psychologist publisher rabbi ranger receptionist recruit referee reporter representative resident
    rider robot runner sailor saleswoman salesman scholar scientist secretary senator sergeant servant
    server sheriff shopkeeper shopper singer sister skipper slave smuggler sniper speaker specialist
    spectator spokesman spy stewardess steward stranger student suitor supervisor surgeon suspect tailor
    technician teen teenager teller therapist thief thug tourist trader trainer tramp traveller traveler
    trooper tutor twin twins usher vendor veteran vet victim villager visitor voice voices waiter
    waitress warden warrior watchman witch witness wizard worker workers writer youth zombie
    """
)

#: People are called so, and things too.
NAMES_TOO: Final = word_set(
    """
    ace amber angel april art ash august autumn bill bishop bliss blue bob brook brooks buck bud buddy candy
    carol cash chance charity chase chip clay cliff cloud colt cooper crystal daisy dale dawn dean destiny
    dot drew duke dusty earl ebony eve faith fern fisher flint ford frank frost gene ginger glen gold grace
    grant gray green hale harmony hazel heath heather holly honor hope hunt hunter iron ivory ivy jack jade
    jay jasper jewel joy jude june justice king lance lane lark lily love mark marsh mason may melody mercy
    merry miles mint misty moss nick noble north nova oak olive opal page park pat patience pearl penny
    piper plum poppy prince prudence rain ray red reed rich rob rock rocky rose royal ruby rue rusty sage
    sailor sandy scout silver skip sky smith snow sonny star stone storm sterling sue summer sunny swan
    temple tiger trip true turner valentine violet wade walker ward west will willow winter wolf wood young
    """
)

GENERAL: Final = word_set(
    """
    ability able abort abrupt absence absolute absorb abstract absurd abuse accent accept access
    accident account accurate accuse ache achieve acid across act action active actual add address
    adjust admire admit adult advance advantage adventure advice affair affect afford afraid afternoon
    age agree agreement aid aim air alarm album alcohol alert alien alive allow alone alter amaze amber
    amid amount amuse ancient anger angle angry animal ankle announce annoy answer anxious apart ape
    apology appeal appear apple apply approach approve arc arch argue argument arm army arrange arrest
    arrive arrow ashamed aside asleep aspect assault assemble assume assure atmosphere attach attack
    attempt attend attention attitude attract audio autumn available avenue average avoid awake award
    aware awful awkward axe babble background backward bacon badge bag bait bake balance bald ball
    balloon band bandage bang bank banner bare bargain bark barrel barrier basic basin basket bat
    battery battle beam bean bear beard beast beat beautiful beauty beckon bee beef beer beg behave bell
    belly belong belt bench bend benefit besides bet betray beyond bicycle bike bin bind biscuit bit
    bite bitter blade blame blank blanket blast blaze bleak bleed bless blind blink blizzard blond blood
    bloom blow blunt blur blush board boast body boil bold bolt bomb bond bone bonus book boom boot
    border bore born borrow bother bottle bounce bound bow bowl box brace brain brake branch brand brass
    brave bread break breakfast breast breath breathe breeze brick brief brilliant brim broad broadcast
    bronze broom brow bruise brush bubble bucket buckle budget bug build bulb bulk bull bullet bump
    bunch bundle burden burn burst bury business bustle button buy buzz cable cage cake calculate
    calendar calm camera canal cancel cancer candle cap capable capacity cape capital capture carbon
    card career cargo carpet carry cart carve case casual catch category cause caution cease celebrate
    cement cent central century certain chain chair chalk challenge champion channel chaos chapter
    character charge charm chart chat cheap cheat check cheek cheer cheese cherish chest chew chicken
    chill chimney chin chocolate choir choke chop chord chunk cigar cigarette circle circuit
    circumstance civil claim clap clash class classic claw clean clear clever click client climate climb
    cling clip cloak clock cloth clothes cloud clue clumsy clutch coal coat code coffee coffin coil coin
    collapse collar colleague collect colour color column comb combine comedy comfort comic command
    comment commit common communicate company compare compete complain complete complex complicate
    computer conceal concentrate concept concern concert conclude concrete condition confess confide
    confident confirm conflict confront confuse connect conscious consider console constant contact
    contain content contest context continue contract contrast contribute conversation convince cool
    cope copper copy cord core cost costume cotton couch cough count couple courage course cover cow
    coward crack cradle craft cramp crane crash crawl crazy creak cream create credit creep crest crew
    cricket crime crisp critic cross crouch crow crowd crown cruel cruise crumble crush cry cue cup cure
    curious curl current curse curtain curve cushion custom cut cycle damage damp dance danger dare dash
    data date daylight dazzle deaf deal dear death debate debris debt decade decay decide declare
    decline decorate deer defeat defend defy degree delay delicate delight deliver demand demolish deny
    depart depend depress depth derail describe deserve design desire despair desperate despite destroy
    detail detect determine develop device diamond diary dice dictate die diet differ difficult dig
    dignity dine dinner dip direct direction disappear disappoint disaster discover discuss disease
    disgust dish dismiss display distance distract disturb ditch dive divide divorce dizzy docile
    document dodge dollar double doubt doubtful drag drain drama drape draw drawer dread dress drift
    drill drink drip drip drop drown drug drum dry duck due dull dumb dump dust duty dwell dye eager ear
    earn earth ease easy eat echo edit educate effect effort egg elaborate elbow electric elegant
    element elephant eliminate embark embarrass embrace emerge emotion employ enable encounter encourage
    enemy energy enforce engage enjoy enormous enough enter entertain enthusiasm entire envelope envy
    episode equal equip era erase error escape especial essence establish eternal event evidence evil
    exact examine example excellent except excess exchange excite excuse execute exercise exhale exhaust
    exhibit exile exist expand expect expense expensive experience experiment explain explode explore
    expose express extend extra eye eyebrow fabric face fact fade fail faint fair fairy faith fake fall
    false fame familiar fancy fantastic fare fashion fat fatal fate fault favour favor favorite
    favourite fear feast feather feature fee feed fellow fence ferry fetch fever fiction fidget fierce
    fight file fill film filter filthy final finance fine finger finish fire firm fish fist fit fix flag
    flame flap flare flash flashlight flavour flee flesh flick flicker flight fling flip float flood
    flour flow flower fluid flush flutter fly foam focus fog fold folk follow food fool foot forbid
    force forehead foreign forever forge forgive fork form formal former fortune forward foul found
    frame free freeze frequent fresh fridge fright fringe frock frog frown fruit fuel full fumble fun
    function fund funeral funny fur furious furniture fury fuss gain gamble game gap garbage gasp gather
    gaze gear genius gentle genuine gesture gift giggle girl glad glance glare glass gleam glide glimpse
    glint globe gloom glory glove glow glue goal goat gold goodbye goose gossip govern gown grab
    graceful grade gradual grain grand grant graph grasp grass grateful gravel gravity grease greed
    greet grief grim grin grind grip groan groove gross grow growl grunt guess guilt guitar gulp gun
    gush gut habit hail hair hammer handle handsome hang happen happy harm harsh harvest hasty hat hate
    haul haunt hawk hay head heal health heap heart heat heave heavy hedge heel height hello helmet help
    hem herd heroic hesitate hey hide hint hip hire history hit hobby hole holiday hollow holy honest
    honey honour hood hook horn horror host hot hour howl hug hum human humble humour humor hunch hunger
    hungry hurl hurry hurt hush ideal idea identify identity idiot idle ignore ill image imagine
    immediate impact impatient important impossible impress improve inch include increase incredible
    indeed independent indicate industry infant inform information inhale initial injure ink innocent
    insect insert insist inspire instance instant instead instruct instrument insult intend intense
    interest interfere interrupt introduce invade invent invest invite involve iron irritate issue item
    jacket jam jar jaw jazz jealous jeans jerk jewel job join joke jolt journal journey juice jump
    junior junk kettle key keyboard kick kill kindness kiss kit kite kitten knee kneel knife knit knob
    knock knot label labor labour lace lack ladder lamb lamp land language lantern lap large laser latch
    laugh launch law layer lazy lead leaf leak lean leap learn lease leather lecture ledge ledger leg
    legal legend lemon lend length lens lesson letter level lever liberty licence license lick lid lift
    light lightning likewise limb limit limp linen linger link lion lip liquid list listen litter load
    loaf loan local lock log lonely loose lord loud love lovely luck luggage lull lump lunch lung lurch
    lure luxury machine mad magazine magic magnet mail major makeup male manage manner manual map march
    margin mark marriage marry mask mass massive master match mate material meal measure meat mechanism
    medal media medicine medium meet melt member memory mental mention menu mere merge mess message
    metal method middle midst mighty mild mile milk mill million mirror miserable miss mission mist
    mistake mix moan mobile mock mode model moment money monitor month mood moon moral mostly motion
    motor mount mouse mouth movie mud muffle mug multiple mumble murder murmur muscle museum mushroom
    music mute mutter mystery naive nail napkin narrow nation native nature naughty navy neat necessary
    neck necklace needle negative nerve nervous nest net network neutral newspaper nice nod noise none
    nonsense noon nor normal nose note notebook notice notion novel nudge number numb nut obey object
    observe obvious occasion occupy occur odd offence offend offer official often oil okay omelette omit
    onion onto open operate opinion opportunity oppose option orange orbit order ordinary organ organise
    organize origin original ought outfit outline oven overall overcome owe owl own owner oxygen pace
    pack package packet pad page pain paint pair pale palm pan panel panic pant paper parcel pardon
    parent part participate particular partner party pass passion passport past paste pat patch path
    pattern pause paw pay peace peak pearl peculiar peel peer pen pencil pepper percent perfect perform
    perfume period permanent permission permit personal persuade pet petrol phase phone photo photograph
    phrase physical piano pick picture pie piece pierce pig pile pill pillow pin pinch pink pint pipe
    pistol pitch pity pizza planet plastic plate play plea plead pleasant pleasure plenty plot plug
    plunge pocket poem poetry poison poke pole polish polite pollution poor pop popular population
    portion portrait pose position positive possess possible pot potato potential pound pour powder
    power practice praise pray precious precise predict prefer pregnant prepare presence preserve press
    pressure presume pretend pretty prevent previous price prick pride print prior prize probable
    problem process produce product profession profit program progress project promise prompt proof
    proper property propose protect protest proud prove provide prowl pull pulse pump punch punish pure
    purple purpose purse pursue push puzzle quality quantity quarter queen question queue quick quit
    quote rabbit race rack rage raid rain raise ramble random rank rapid rare rat rate rattle raw razor
    reach react read real realise realize realm reassure rebel recall receipt receive recent recipe
    reckon recognise recognize recommend record recover reduce reel reflect refuse regain regard region
    register regret regular reject relate relation relax release relief relieve religion reluctant rely
    remain remark remedy remind remote remove rent repair repeat replace reply report rescue research
    resent reserve resist resolve resort respect respond rest result retire retreat return reveal
    revenge reverse review revolution reward rhythm rib ribbon rice rid riddle ride rifle ring rinse
    ripe rise risk rival roar roast rob rock rocket rod role roll romance rope rot rough round route
    routine row rub rubber rubbish ruby rude rug ruin rule rumble rumour run rush rust sack sacred
    sacrifice sad saddle safe sail salad salary sale salt salute sample sand sandwich satellite satisfy
    sauce save scale scan scar scarce scare scarf scatter scene scent schedule scheme science scissors
    scoff scold score scorn scowl scramble scrap scrape scratch scream screen screw script scrub
    sculpture seal search season seat secret section secure seed seek seem seize select self sell send
    sense sentence separate serious serve service session settle several severe sew shade shadow shake
    shallow shame shape share sharp shatter shave sheep sheer sheet shelf shell shield shift shimmer
    shine shirt shiver shock shoe shoot short shot shoulder shout shove show shriek shrug shrink shrug
    shudder shuffle shut shy sick sigh sight sign signal silence silent silk silly silver similar simple
    sin sincere sing single sink sip siren sit situation size skate sketch skill skin skirt skull slam
    slap sleep sleeve slender slice slide slight slim sling slip slippery slot slow slump smack smart
    smash smell smile smirk smoke smooth snack snake snap snatch sneak sneer sneeze sniff snore snort
    snow soak soap sob social sock sofa soft soil solar sole solid solution solve somehow sometimes son
    song sore sorrow sort soul sound soup sour source spare spark speak special speech speed spell spend
    sphere spider spill spin spine spirit spit spite splash split spoil spoon sport spot spray spread
    squad squeak squeeze squint stack staff stain stake stale stalk stamp stare start startle starve
    state statue status steady steal steam steel steep steer stem step stern stick stiff sting stir
    stock stomach stone stool stoop story stove straight strain strand strap straw streak strength
    stress stretch strict stride strike string strip stroke stroll strong structure struggle strut
    stubborn stuff stumble stun stupid style subject submit substance subtle succeed success sudden
    suffer sugar suggest suicide suit suitcase sum sun sunlight supper supply support suppose surface
    surge surprise surrender surround survey survive suspect suspend swallow sway swear sweat sweater
    sweep sweet swell swift swim swing switch sword symbol sympathy system table tablet tail tale talent
    tan tap tape target task taste tattoo tea team tear tease technique telegram telephone temper
    temperature tempt tend tender tense term terrible terrify territory test text texture thank thanks
    thick thin thirst thorn thorough thread threat threaten threshold thrill throat throne throw thrust
    thumb thump thunder thus tick ticket tide tidy tie tight till timber tin tip tire tired tissue toast
    tobacco toe tomato ton tone tongue tool tooth torch torment toss total touch tough tour towel toy
    trace trade tradition traffic tragedy train trait trap trash travel tray tread treasure treat treaty
    tremble tremendous trial triangle tribe trick trigger trim trip triumph trouble trousers trunk trust
    tube tuck tug tumble tune twice twig twin twist type typical ugly ultimate umbrella unable uniform
    union unique unit universe unless urge urgent usual utter vague vain van vanish vapour variety vase
    veil vein velvet verdict verse version vertical vessel vibrate vicious victory video view violence
    violent violet violin virtue virus visible vision visit visual vital vivid vodka volume vote vow
    voyage vulnerable wage wail waist wake walk wallet wander war wardrobe warm warn warrant wary wash
    waste wave weak wealth weapon wear weary weather wedge weed week weep weigh weight weird welcome
    weld wheel whip whirl whisper whistle whiskey whisky wicked wide widow width wig wilderness willing
    win wind wine wing wink wipe wire wise wish wit withdraw wolf wonder wool worry worship worth wound
    wrap wreck wrestle wrinkle wrist write wrong yawn yell yellow yield youth zero zip
    """
)

#: Irregular forms, contractions in writing, and what stands in prompts about scripts and models.
FORMS: Final = word_set(
    """
    eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty
    sixty seventy eighty ninety hundred hundreds thousands million millions billion dozen dozens sixth seventh
    eighth ninth tenth once twice thrice zero teens twenties thirties forties fifties sixties seventies
    ate awoke became began begun bent bit bitten blew blown bought bound bore borne bred broke broken
    brought built burnt caught chose chosen clung crept cried dealt dug dove drank drawn dreamt drew
    driven drove drunk dying eaten fallen fed fell felt feet fled flew flown flung forgave forgotten
    fought froze frozen geese given gone grew grown hidden hid hung kept knelt knives laid lain lay
    leapt led lent lit lives lying meant men met mice mown paid people ran rang ridden risen rode rose
    rung said sang sank sat sent sewn shaken shaved shaken shone shook shot shown shrank shrunk slept
    slid slung smelt sold sought spat sped spent spilt spoke spoken sprang sprung spun stole stolen
    stood stuck stung strode struck strung sung sunk swam swept swore sworn swum swung taught teeth
    thieves threw thrown tied tore torn understood vs woke women won wore worn wolves wove woven wrote
    written wound actor ai alt api arc audience backstory beat beats blocking board brainstorm briefly
    caption cast chapter cinematic cinematography climax cliffhanger closeup cut cutaway dailies
    dialogue dialog dissolve dolly draft editing emotional english ensemble epilogue episode exterior
    fade flashback foreshadow fountain french genre german headline heist historical interior italian
    json logline markdown medium monologue montage mood narrative narration noir outline overhead panel
    parenthetical pan paragraph pilot pitch plot premise prologue prop protagonist antagonist rewrite
    romantic scenes screenplay screenwriter script sequel sequence shotlist showrunner sitcom slug
    slugline soundtrack storyboard storyline subplot subtext summary summarise summarize suspense
    synopsis teaser template thriller tilt token trailer treatment trope turning tv twist url version
    voiceover wardrobe western zoom bullet chronological concise consistent focal format instruction
    json keyword lens mm option output placeholder prompt quotation respond sentence tag temp temporary
    tone user assistant system africa african america american asia asian australia australian belgian
    belgium berlin brazil britain british canada canadian chicago china chinese christian christmas
    dutch easter egypt england europe european france germany god greece greek halloween hollywood india
    indian ireland irish islam israel italy japan japanese jewish korea korean latin london mexican
    mexico moscow muslim norway norwegian paris poland polish portugal portuguese roman rome russia
    russian scotland scottish spain spanish sweden swedish swiss switzerland texas turkey turkish
    ukraine victorian vietnam wales welsh york monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december jan feb mar
    apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat mr mrs ms miss dr sir madam lord lady
    prof st jr sr sgt lt capt col gen rev hon ma'am mum mom dad papa mama grandma grandpa auntie uncle
    ok okay yeah yep nope nah oh ah uh um hmm wow ouch ugh huh hi hey hello bye goodbye ha haha gonna
    wanna gotta kinda sorta dunno lemme gimme cuz 'em o'clock ii iii iv vi vii viii ix xi xii
    """
)

#: A second helping: less common words of action lines and prompts.
RARER: Final = word_set(
    """
    abyss accelerate accomplice accomplish accordion accustom acid acquaint acquire acre acrobat adapt
    adhere adjacent admirable adolescent adopt adore adorn aerial affection aggressive agile agony
    airborne airline alas alight align allege alliance allude almond aloft aloud alphabet altar
    alternate aluminium amateur ambition ambush amend ammunition ample amuse analyse analyze analysis
    anatomy anchor anecdote angelic anguish animate anniversary annual anonymous antenna anthem antique
    anvil apparatus apparent appetite applaud appliance appoint appreciate apprehend apron aquarium
    arcane archer architecture archive ardent arid aristocrat aroma arrogant arsenal artefact artery
    articulate artificial ascend ashore aspire assassin assert assess asset assign asteroid astonish
    athlete atom atomic atop attire auction august authentic authority autograph automatic avalanche
    avert await awe awning axis axle bachelor ballet ballot bandit banish banquet barbecue barefoot
    barely barge barley barracks barren basil bassist batter baton bazaar beacon bead beak beetle belief
    bellow beloved bewilder bias bid bill billow binary binoculars biography birch bishop bizarre
    blackmail blackout bladder blackboard blasphemy blemish blend bloat blob bluff blunder blueprint
    bodily bog bonfire bonnet bookish boost borough botanic boulder boulevard bounty bouquet boycott
    bracelet bracket braid bravado brawl breach breed brew bribe brisk bristle brittle brochure brood
    brute buckle buffalo buffet bulge bully bunk buoy bureau burglar burrow butter butterfly bystander
    cabbage cabin cabinet cackle calf calibre camel camouflage campfire candid canister cannon canoe
    canopy canvas canyon caption caramel caress caress carol carousel carriage carrot cartoon cartridge
    cascade cassette casualty catalogue catastrophe cathedral cattle cautious cavalry cavern ceremony
    chalice chamber chant chapel chariot chatter checkpoint chess chime china chisel choreography
    chronic chronicle chuckle circular circulate circus citizen civic civilian clarify clarity clatter
    clause clench clergy clerical clinical cloister clone clown cluster cobweb cocaine cockroach cocoa
    coconut coherent coincide colony colossal comet commence commerce commotion compact compass
    compassion compel compensate competent compile complement compliment comprehend compress compromise
    compute comrade conceive conscience consent consequence consist consistent conspire constitute
    construct consult consume contempt contend contour contradict convention converge convert convey
    convict coral cordial cork corn corpse correspond corridor corrupt cosmetic cosmic cosmos cottage
    coup courier courtesy cosy cozy crackle crate crater crave crayon creed cripple crisis crocodile
    crook crossfire crosswalk crude crumb crunch crust crystal cube cuddle cuff culprit cult cultivate
    culture cunning cupboard curb currency cursor curry curtsy cyber cylinder cynic dagger dairy dam
    damn dart dashboard dawn dazed deadline debut decent deceive deck decree dedicate deed default
    defiant deficit define deflate delete deliberate delirious deluge delusion demon denial dense dent
    deport deprive derive descend descent despise destination destiny detach detain detergent devastate
    devil devote devour diagnose diagram dialect diaper dig digital dignified dilemma dim dimension
    diminish dip diploma diplomacy disc discard discipline disco discreet disguise dismal dismay
    dispatch dispense disperse disrupt dissolve distinct distinguish distort distress dome domestic
    dominate donate donkey doom dose dot doughnut donut dove downpour downhill downward dozen drape
    drawl dreary dresser dribble drizzle drone drool droop drought dual dub dubious duck duel duet
    duffel dungeon dusk dwarf dynamic dynamite eagle earnest earring earthquake eavesdrop eccentric
    eclipse ecology economy ecstasy edible eerie ego elapse elastic elect elegy elevate elf eliminate
    elite eloquent elude email embark ember embody emit empathy emperor emphasis emphasize empire
    endeavour endless endure engrave enigma enlist enrage ensue ensure enthrall entity entry envision
    epic epidemic epilepsy epoch equator equivalent erect erode erotic errand erratic erupt escalate
    escort essay estimate ethic euphoria evacuate evade evaluate evaporate evening eventual evident
    evoke evolve exaggerate excerpt exclaim exclude excursion exempt exert exhibit exotic expedition
    expel expertise expire exploit explosive export exquisite extent exterior extinct extinguish extract
    extravagant eyelid fable facade facility factor faculty famine fang farce farewell fascinate fatigue
    feeble feed feline feminine ferocious ferry fertile festival feud fiddle fiend fiery figment filth
    finale firearm firework fisherman fixture flabby flake flank flannel flashy flatter flaw flea fleece
    fleet fleeting flesh flexible flock floppy floral flounder fluent fluorescent flute foe foil foliage
    font footage footprint footstep foothill ford forecast forensic forfeit format formula fort fortress
    forum fossil foster foyer fracture fragile fragment fragrant frail frantic fraud freak freckle
    freedom freight frenzy friction frivolous frostbite frost fruitless frustrate fugitive fulfil
    fulfill fume fungus funnel furnace furnish furrow fuse fusion futile galaxy gale gallery gallop
    gallows gamble gargoyle garlic garment garnish gauge gauze gazebo gem gender generate generous genie
    genome gentry geography germ ghastly gift gigantic gill gingerly giraffe glacier glamour glide
    glimmer glisten glitch glitter global gnaw gnome gobble goggles gorge gorgeous gorilla gospel
    gourmet gracious graduate graffiti grail grammar gramophone granite grape graphic grapple grate
    gravestone graze grenade grey gridlock grill grimace grime grizzly groceries grocery grope grotesque
    grouchy grudge grumble guarantee guerrilla guild guillotine guise gulf gull gum gunfire gunpowder
    gunshot gurgle gust gutter gypsy haggard haggle halo halt hamburger hammock handcuff handkerchief
    handgun handrail harass hardware harness harp hatch hatchet haughty haven havoc hazard haze
    headlight headlamp headset headphone hearse hearth heartbeat hectic heir helicopter hen herb
    heritage hermit hesitant hibernate hiccup hideous hinder hinge hip hoard hoarse hoist holster homage
    homework hoodie hoof hoop horde horizon horizontal hormone hostage hostile hound hover hull humid
    hurdle hurricane hustle hybrid hydrogen hymn hype hyper hypnosis hypothesis hysteria icicle icon
    ideology idol illuminate illusion imitate immense immerse immigrate imminent immortal immune impale
    impassive impatience imperial implement implicate imply import impose impostor impulse incense
    incident incline incline infamous infect infinite inflict influence ingredient inhabit inherit
    initiate inject injury inmate inning innovate inquire inscription insight insomnia inspect install
    instinct institution integral integrity intellect intelligent intelligence interact interim intern
    internal internet interpret intersection interval intervene intimate intricate intrigue intrude
    intuition invasion inventory inverse investigate invisible invoke irony isolate itch itinerary ivory
    jagged jail jargon jealousy jelly jeopardy jersey jet jingle jockey jog jot jubilant judge judicial
    juggle jumble junction jury juvenile kaleidoscope karma kennel kerosene kettle kidnap kidney
    kilometre kilometer kin kindle kingdom knack knight knuckle laboratory labyrinth lagoon lament lance
    landscape lapel laptop lash latitude latter lattice laundry lava lavender lavish lawsuit league
    leash legacy legion legitimate leisure leopard lethal liar liberal liberate libel lifeboat lifetime
    ligament likelihood lime limousine limbo linear lineage linger linoleum lipstick liquor lizard
    loathe lobster locate lodge lofty logic logo longing longitude loop loot lottery lotus lounge lousy
    loyal lucid lullaby luminous lunar lunatic lush lust luxurious lyric magnificent magnify mahogany
    maintain majestic majesty majority malice mammoth mandate mango mania manifest mankind mannequin
    manor mansion mantel manufacture manuscript maple marathon marble margin marine maritime marker
    maroon martial martyr marvel mascara masculine masquerade massacre masterpiece mattress mature
    maverick maximum mayhem mayor maze measurement meander mechanic meditate meek megaphone melancholy
    mellow melody membrane menace merchant mercury merge merit mesh meteor metre meter metro metropolis
    microphone microscope microwave midair migrate militia millennium mimic mingle miniature minimum
    minority miracle mischief misery mislead mission mobile moist molecule monarch monitor monologue
    monopoly monotone monster monstrous monument moose morale morbid morsel mortal mortgage mosaic
    mosquito moth motif motive mourn moustache mustache mow muck muffin mule multitude mummy mundane
    mural murky musket mustard mutant mutiny muzzle mystic myth nacho narrate nasty nausea naval nearby
    nectar neglect negotiate neon nephew niece nestle neurotic neutron nickel nimble nocturnal nomad
    nominate normal nostalgia nostril notify notorious nourish nozzle nuance nuclear nude nuisance
    nurture nutrition nylon oath oatmeal obese obituary oblige oblivion oblivious obscure obsess
    obsolete obstacle obstruct obtain occult octopus odour odor offset olive ominous onset onslaught
    onward opaque opera opponent oppose oppress optic optimist oracle orchard orchestra ordeal ore
    organic orient origami ornament orphan oscillate ostrich outburst outcast outcome outlaw outlet
    outpost outrage outskirts oval overalls overdose overt overture oyster ozone pact paddle paddock
    padlock pagan palace palette pamphlet pancake panda pane panorama panther papal parachute parade
    paradise paradox paragraph parallel paralyse paralyze paranoia paranoid parasite parchment parish
    parliament parrot parsley partial partition passage passive pasta pastel pastime pastry pasture
    patent patio patriot patrol patron pawn payment payphone peach peacock peanut pebble pedal pedestal
    peek pelvis penalty pendant pendulum penetrate penguin peninsula pension perceive perch percussion
    perfection peril perish perpetual persist personality perspective pessimist pest petal petition
    petty phantom pharmacy phenomenon philosophy phobia photon physics physique pickle pickup pierce
    pigeon pilgrim pillar pinnacle pioneer pirouette piston pivot pixel plague plaster plateau platinum
    plausible pliers plight plough plow pluck plum plunder plush plywood pneumonia poach podium poignant
    pointless poise poker polar polar polaroid policy politics pollen poll polymer ponder pony porcelain
    pore porridge portable portal portray posture potent potion pottery pouch poultry poverty prairie
    prank preach precaution precede precinct predator preface prehistoric prejudice preliminary premiere
    premise premium prescribe prescription prestige prey prick priest primary prime primitive prism
    privacy privilege probe proceed procession proclaim prod profile profound progress prohibit
    projectile projector prologue prolong prominent prone pronounce propel propeller prophecy prophet
    proportion prose prosecute prospect prosper prostitute protein protocol prototype prowess proxy
    psychic psychology pub pudding puddle puff pumpkin punctual punctuation puncture punk pupil puppet
    puppy purchase purge purity purr pursuit puzzle pyramid quaint quake qualify quantum quarantine
    quarrel quartz quench quest quiver quiz quota quota radar radiant radiate radical radiator
    radioactive radius raft rag ragged rally ramp ransack ransom rapport rapture rascal rash ratio
    rational raven ravenous ravine razor realm rear reap rebound rebuke recede recess recipient recite
    reckless recline recoil reconcile recreation recruit rectangle recur recycle redeem referee refill
    refine refrain refresh refrigerator refuge refugee refund regal regime regiment rehearse rehearsal
    reign rein reindeer rejoice relapse relative relentless relevant relic relish render renew renovate
    reptile republic repulse reputation request require residue resign resin resonate resource restless
    restore restrain restrict resume retail retain retaliate retina retort retrieve reunion rev
    revelation revive revolt revolve revolver rhyme rift rigid rigorous riot rip ripple ritual rivet
    roam robbery robe robust rodent rogue romp roost rotate rotten rowdy royal rubble rugged rumor
    rundown rural ruthless saber sabotage saddle safari saga sage saliva salmon salon saloon salvage
    sanction sanctuary sandal sane sanity sapphire sarcasm sardine satin satire saucer sausage savage
    saxophone scaffold scald scalp scandal scant scarlet sceptic skeptic scheme scholar scooter scope
    scorch scorpion scout scrawl scribble scripture scroll scum scuttle scythe seagull seam seasick
    seduce segment seize seldom seminar sensation sensible sensitive sentiment sentinel sentry serene
    serial sermon serpent serum setback severity shabby shack shaft shaggy shambles shard shark shawl
    shear sheath shed sheriff shin shipment shipwreck shone shorthand shovel shrapnel shred shrewd
    shrill shrimp shrine shrub shutter shuttle sidekick siege sieve silhouette simmer simulate
    simultaneous sinister sinew sizzle skeleton ski skim skinny skyline skyscraper slack slash slaughter
    sled sledge sleek sleet sleigh sleuth slipper slit slither slob slogan slope slouch slug sluggish
    slumber slur slush smear smith smog smother smug smuggle snag snail snarl snooze snorkel snout snug
    soar sober soccer socket soda sodium softball software sole solemn solitary solitude solo soothe
    sophisticated sorcerer souvenir sovereign soy spa spacecraft spacious spade span spank spar sparkle
    sparrow spasm spatula spawn spear spectacle spectrum spectre specter speculate spice spike spinach
    spiral spite splendid splint splinter sponge sponsor spontaneous spooky spool sprawl sprint sprinkle
    sprout spur spurt squabble squalid squash squat squid squirm squirrel squirt stab stability stadium
    stagger stagnant stair stalemate stallion stamina stammer stampede standard standoff staple
    starboard startle static stationary stationery statistic statute steak stealth steed stench stereo
    sterile stew stiletto stimulate stink stirrup stitch stoic stray stretcher stricken stride stripe
    strive strobe stroller stucco studious stumble stump stunt sturdy stutter submarine submerge
    subscribe subside substitute subtitle subtract suburban suck suffice suffocate suite sulk sullen
    sultry summit summon sundae sunburn sunglasses super superb superior supernatural superstition
    supervise suppress supreme surf surgery surgical surly surname surpass surplus surreal surrogate
    surveillance sushi suspense sustain swagger swamp swan swap swarm swell swerve swirl swish swivel
    swoop syllable symmetry symphony symptom synagogue syndrome synthetic syringe syrup tabloid taboo
    tackle tactic tadpole takeoff tangible tangle tank tantrum taper tar tariff tarnish tart tassel
    tavern tax taxi technical technology tedious teddy telescope temperament tempest tempo temptation
    tenant tendency tenor tension tentacle tentative tepid terminate termite terrain terrific testify
    testimony testament tether thaw theft theme theology theory thermal thermometer thesis thigh thimble
    thirst thistle thorn thrash threshold thrift thrive throb throng throttle thud thug tiara tickle
    tile tilt timetable timid tinker tint tiptoe tirade title toad toddler token tolerate toll tombstone
    tonic topic topple torch tornado torpedo torque torrent torso tortoise torture tote tow towering
    toxic tractor trademark tragic tranquil transaction transcend transfer transform transit translate
    transmit transparent transplant transport trapeze trauma traverse treacherous treason treasury trek
    trench trend tribute trickle trifle trigger trinket trio trivial trolley trombone troop trophy
    tropic tropical trot trousers trout trowel truce trudge trumpet truncheon tsunami tuba tulip tuna
    tundra turbine turbulent turf turkey turmoil turquoise turret turtle tuxedo tweed tweezers twilight
    twinkle twirl twitch tycoon typewriter typhoon tyrant ulcer umpire unanimous uncanny undergo
    underneath undo unicorn unify unison unite unity universal unkempt unleash unrest unveil upbeat
    update uphill uphold upholster uproar upside uptight upward urban urn usher utensil utility utopia
    vacate vaccine vacuum vagrant valiant valid valley valour valuable valve vampire vandal vanilla
    vanity vapor variable varnish vast veer vegetable vehement vendetta veneer venerable vengeance venom
    vent ventilate venture venue verbal verge verify vermin vertigo vest veto veteran via viable vibe
    vibrant vice vicinity vicar vigil vigilant vigour vigor vile vindictive vine vinegar vineyard
    vintage vinyl violate viper viral virgin virtual viscous visor vocabulary vocal vodka void volatile
    volcano volley voltage volunteer vomit voodoo voracious vortex voucher vulgar vulture waddle wade
    waffle wag wagon waist waive waltz wand wane warehouse warfare warp warrior wart wasp watchful
    waterproof wax weasel web website wedding weird weld werewolf whack whale wharf wheat wheelchair
    wheeze whence whereabouts whim whimper whine whirlpool whirlwind whisk whisker whistle whole
    wholesome wick widen widespread width wield wiggle wilt wince windmill windshield windscreen winery
    wink winner wintry wiry wisdom wisecrack wisp wither woe womb woodland workshop worm worn worthy
    wrath wreath wrench wretch wriggle wring wrinkle yacht yarn yearn yeast yelp yoga yolk yonder zany
    zeal zebra zest zigzag zinc zodiac zombie cute malevolent benevolent domain component verbatim
    additional revise therefore interface downstream liable liability applicable warranty defective
    consequential arise loss failure possibility tab duration slate since might become further
    individual held puts behavior behaviour description explanation live thousand disk plus hence among
    neither decision published publish corrected value parameter environment attribute illegal info
    appropriate literal modify modification duplicate minimal hereby commercial basis closure
    consistency sufficient efficient behalf responsible correctly procedure provision semantic rationale
    definition specify specific specification reference application dictionary integer explicit implicit
    identical aggregate enhance annotate colon comma parenthesis asterisk decimal arithmetic mathematics
    mathematical algorithm certificate crypto debug download upload login password username email laptop
    browser blog online offline website server database backup upgrade install setup tutorial vector
    essential convenient hierarchy exclusive whatsoever pertinent substantial royalty technological
    predecessor authorize authorise regulation intellectual enterprise dependency variant variation
    acknowledgement hypothetical denote vary induce incur contractual assumption discriminatory revoke
    coherence supplement append auxiliary encapsulate invocation comprehension attribution inclusion
    circumstance presumable credential mutual substantive somewhere everywhere meaningful nonetheless
    nevertheless moreover whereas whereby thereby thereof herein otherwise besides although beneath
    underneath alongside onto upon per versus via amid throughout unlike regarding concerning despite
    hmm clack clank clang thud bang boom crash whoosh fwoosh swoosh swish splash crunch creak click beep
    buzz ding ring rattle thump whack smack slam squeak sizzle hiss gulp sigh sob cough sneeze giggle
    chuckle chihuahua poodle terrier spaniel labrador puppy kitten hamster goldfish parrot budgie dude
    buddy bro mate pal honey sweetheart darling sweetie babe kiddo sonny lad lass wanna gonna ain't
    y'all helicopter motorcycle scooter ambulance minivan limo sedan convertible pickup shrinker
    teleport teleporter spaceship hologram android cyborg laser awkwardly breathless motionless
    speechless unshaven bloodshot barefoot middle-aged half-asleep offscreen onscreen background
    foreground closeup voiceover reverse handheld steadicam crane zoom rack
    """
)

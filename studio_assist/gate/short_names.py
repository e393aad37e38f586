"""English given names and their short forms: a table of our own.

A short form of a name on the list is not on the list, so it makes the gate ask. The names also help to tell
that a capitalised word nobody listed may be a name.
"""

from __future__ import annotations

from typing import Final

from studio_assist.domain.common_words import word_set

_TABLE: Final = """
abigail abby gail; adelaide addie; agnes aggie; alan al; albert al bert bertie; alexander alex alec
sandy xander sasha lex; alexandra alex sandra lexi sasha; alfred alf alfie fred; alice allie; alison
ali; amanda mandy; amelia amy millie; andrea andie; andrew andy drew; angela angie; ann annie nan; anne
annie nan; annabel bella; anthony tony ant; antonia toni; arabella bella; archibald archie; arnold
arnie; arthur art artie; augustus gus; barbara barb babs barbie; barnaby barney; bartholomew bart;
beatrice bea trixie; benedict ben; benjamin ben benny benji; bernard bernie; bethany beth; bradley brad;
bridget bridie biddy; calvin cal; cameron cam; caroline carrie caz; cassandra cass cassie; catherine
cathy cat kate katie kitty; cecilia celia cissy; charles charlie chuck chaz chas; charlotte charlie
lottie lotte char; chester chet; christian chris; christina chris tina chrissie; christine chris
chrissie; christopher chris kit topher; clara clare; clarence clare; clifford cliff; constance connie;
cordelia delia; cornelius neil; cynthia cindy; daniel dan danny; danielle dani; david dave davey;
deborah deb debbie; delilah lila; dennis den denny; derek del; diana di; dominic dom nick; donald don
donnie; dorothea dora thea; dorothy dot dottie dolly; douglas doug dougie; edgar ed; edith edie; edmund
ed eddie ned; edward ed eddie ted teddy ned; edwin ed; eleanor ellie nell nellie nora lenny; elijah eli;
elizabeth liz lizzie beth betty bess bessie betsy eliza libby lily elsie lisa; ellen nell ellie; emily
em emmy millie; emma em; ernest ernie; eugene gene; evangeline eva evie; evelyn evie; ezekiel zeke;
felicity flick; ferdinand ferdie; florence flo florrie flossie; frances fran frankie franny; francis
frank fran frankie; franklin frank; frederick fred freddie fritz; gabriel gabe; gabrielle gabby elle;
geoffrey geoff; george georgie; georgina georgie gina; gerald gerry jerry; gertrude gertie trudy;
gilbert gil bert; gillian gill jill; gloria glo; graham gray; gregory greg; gwendolyn gwen; hannah
hanna; harold harry hal; harriet hattie; helen nell nellie; henrietta hettie etta; henry harry hank hal;
herbert herb bert; herman hermie; hezekiah hez; hubert hugh bert; ignatius iggy; imogen immy; irene
rene; isaac ike zac; isabel izzy bella isa; isabella izzy bella; jacob jake; jacqueline jackie; james
jim jimmy jamie jem; jane janey; janet jan; jasmine jas; jason jay; jean jeannie; jeffrey jeff; jennifer
jen jenny; jeremiah jerry; jeremy jez jem jerry; jerome jerry; jessica jess jessie; joan joanie; joanna
jo joey; john jack johnny; jonathan jon jonny; joseph joe joey; josephine jo josie; joshua josh; joyce
joy; judith judy jude; julia jules; julian jules; julie jules; juliet jules; justin jus; katherine kate
katie kathy kat kitty kit kay; kathleen kathy kath; kathryn kate kathy; kenneth ken kenny; kimberly kim;
kristen kris; laura laurie; lawrence larry laurie; leonard len lenny leo; leopold leo; leroy roy; leslie
les; lester les; lillian lily lil; linda lindy; louis lou; louisa lou; louise lou lulu; lucas luke;
lucille lucy; lucinda lucy cindy; lydia liddy; mabel mab; madeleine maddy; magdalena lena magda; marcus
marc mark; margaret maggie meg peggy peg madge marge daisy greta rita gretel mags; maria mia ria;
marilyn mari; marjorie marge; martha marty mattie; martin marty; mary molly polly mamie may; mathilda
tilly tilda matty; matilda tilly tilda; matthew matt matty; maureen mo; maurice mo; maximilian max;
maxwell max; megan meg; melanie mel; melissa mel missy lissa; melvin mel; mercedes sadie; michael mike
mick mickey micky mikey; michaela mick; michelle shelly chelle; mildred millie; miranda mandy randy;
miriam mim; mitchell mitch; mohammed mo; montgomery monty; morris mo; moses mo; muriel mo; nancy nan;
natalie nat; natasha tasha nat; nathan nat nate; nathaniel nat nate; nicholas nick nicky nico; nicola
nicky; nicole nicky; nigel nige; norma norm; norman norm; octavia tavy; oliver ollie; olivia livvy liv;
oscar ozzie; oswald oz ozzie; pamela pam; patricia pat patty trish tricia; patrick pat paddy rick; paula
polly; pauline polly; penelope penny nell; percival percy; peter pete; philip phil pip; philippa pip
pippa; phoebe fee; phyllis phyl; priscilla cilla; prudence prue; quentin quinn; rachel rach; ralph
ralphie; randolph randy; raymond ray; rebecca becky becca; reginald reg reggie; reuben rube; richard
rick ricky dick rich richie; robert rob robbie bob bobby bert; roberta bobbie; roderick rod rory; rodney
rod; roger rog; roland rollo; ronald ron ronnie; rosalind ros rosie; rosemary rosie romy; rosamund ros;
roxanne roxy; rudolph rudy; rupert rupe; russell russ; ruth ruthie; sabrina bree; sally sal; samantha
sam; samson sam; samuel sam sammy; sandra sandy; sarah sally sadie; sebastian seb bas; selina lina;
shirley shirl; sidney sid; silvester sly; simon si; solomon sol; sophia sophie; stanley stan; stella
stell; stephanie steph; stephen steve stevie; steven steve stevie; stewart stu; stuart stu; susan sue
susie; susanna sue susie; sylvia syl; tabitha tabby; terence terry; theodora thea dora; theodore theo
ted teddy; theresa terry tess tessa; thomas tom tommy; timothy tim timmy; tobias toby; ursula ursie;
valerie val; vanessa nessa; veronica ronnie vera; victor vic; victoria vicky tori vic; vincent vince
vinny; violet vi; virginia ginny; vivian viv; vladimir vlad; wallace wally; walter walt wally; wendy
wend; wilfred wilf fred; wilhelmina billie mina minnie; william will bill billy willy liam; winifred win
winnie; winston win; yvonne von; zachary zac zach zack; zachariah zac zach
"""

#: Given names without short forms, from where English-language scripts take theirs.
_OTHERS: Final = word_set(
    """
    aaron abdul abraham adam adele adrian ahmed aisha aiden akira alejandro alessandro ali alina amina
    amir amos anastasia andre andrei angelo anita anja anna antonio anya ari ariel arjun arlo asa ash
    ashley astrid audrey ava axel ayesha beatriz bella benito bianca bjorn blake boris brandon brenda
    brendan brian brianna brooke bruce bruno bryan caleb camila camille carl carla carlos carmen cecil
    cedric cesar chandra chen chiara chloe claire claude claudia clyde cody colin connor cora craig
    curtis cyril dalia damian damien daphne darius darren dario deepak deirdre delphine denise desmond
    dexter diego dimitri dmitri dolores doris duncan dylan ebony eddie edna eileen elaine elena elias
    elif elio elise ella elliot ellis elmer eloise elsa elvira emil emilia emilio emir enid enrique eric
    erica erik erin esme esteban estelle esther ethan etienne eva evan ezra fabian fatima felix fernando
    fiona florian francesca francesco francois freya gareth gary gaston gavin gemma genevieve gianni
    giovanni giulia gordon greta guillermo gunther gustav guy hamid hans hassan hector heidi helena
    helga hilda hiroshi holden howard hugo humphrey hussein ian ibrahim ida igor ilse imani ines ingrid
    ira irina iris irma isaiah isla ivan ivana ivor jackson jaime jamal jared javier jens jesse jill jin
    joachim joaquin joel johan johann jolene jonah jonas jordan jorge jose josef juan juanita julio jun
    jurgen kai kareem karen karim karl karla katya keiko keith kelly kelvin kenji kerry kevin khalid
    kieran kirsten klaus kofi krishna kurt kwame kyle lamar lana lars latoya layla lea leah leif leila
    lena leon leona leonora levi lewis lian lila lin lionel lisa lloyd logan lola lorenzo lorna lorraine
    luca lucia lucy luigi luis lukas luna luther lyle lynn mabel mahmoud malcolm malik manuel marcel
    marcela marco margot mariam marie mario marisol marlon marta marvin mateo mathias maud maude mauro
    mavis maya mei mehmet mercedes mia miguel mikhail mila milo milos mina ming moira mona monica
    monique mustafa myra myrtle nadia naomi natalia neil nell nikolai nina noah noel noelle nora norah
    nuala oksana olaf ola oleg olga omar orlando oskar otto pablo paolo pascal patsy paul pedro petra
    phoebe pierre piotr quincy rafael raj rajesh ramon rania raquel rashid raul raymond reena renata
    rene rhys rita roberto rocio rodrigo rohan roman rory rosa rosalie rosario ross rowan roy ruben ruta
    ryan sabine said salim salma salome salvador samir samira sara saskia saul scarlett scott sean
    selena selma sergei seth shane shannon sharon shaun sheila shira sigrid silas simone sofia sonia
    sonya soren spencer stefan stella sven svetlana taylor tamara tanya tara tariq tatiana teresa
    terrence tessa thelma thea thor tiffany tilda todd tomas tracy travis trevor tyler ulrich uma ursula
    valentin valentina vera vernon viktor vikram vincenzo vito wanda warren wayne wei wendell wesley
    wilbur wilma xavier yasmin yolanda yuki yuri yusuf yves zainab zara zelda zeke zoe zoltan zora
    """
)


def _read() -> dict[str, frozenset[str]]:
    """Each name and each short form, with what else its bearer may be called."""
    also: dict[str, set[str]] = {}
    for line in _TABLE.split(";"):
        full, *shorts = line.split()
        for short in shorts:
            also.setdefault(full, set()).add(short)
            also.setdefault(short, set()).add(full)
    return {name: frozenset(others) for name, others in also.items()}


#: "elizabeth" to {"liz", …}; "liz" to {"elizabeth"}. In lower case.
ALSO: Final = _read()
#: Every given name of the tables, in lower case.
GIVEN: Final = frozenset(ALSO) | _OTHERS

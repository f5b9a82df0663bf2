#pragma once
// The words that names are recognised by, folded (words.hpp), each between blanks. Compile-time
// texts. A word that could mean two things belongs into no list: a name stays whole then.

#include <string_view>

namespace marketplug::contacts {

/// Titles everywhere.
inline constexpr std::string_view kTitles =
    " herr frau hr fr dr drs prof dhr mevr mw mr mrs ms mx mme mlle monsieur madame mademoiselle "
    "sig sigra signra signor signora dott dottssa doct fru ";
/// Titles of certain countries, words elsewhere.
inline constexpr std::string_view kTitlesEs = " don dona sr sra srta dna ";
inline constexpr std::string_view kTitlesPl = " pan pani ";
inline constexpr std::string_view kTitlesEnglish = " sir dame lord lady rev miss ";
/// Titles only with their dot, anywhere.
inline constexpr std::string_view kDottedTitles =
    " ir ing mag dipl-ing dipl-kfm dipl-kffr avv geom arch rag ";
/// What follows a "Dr." of Germany.
inline constexpr std::string_view kAfterDoctor = " med rer nat phil jur pol oec hc dent vet ing ";
/// A title before a word that is the family name ("Frau Müller"), not "Pani Anna" or "Sir Elton".
inline constexpr std::string_view kFamilyTitles =
    " herr frau hr dr prof dhr mevr mw mr mrs ms mme monsieur madame sig sigra signor signora dott "
    "dottssa m ";
/// A household: the rest is the family name.
inline constexpr std::string_view kHouseholds =
    " familie fam famille famiglia familia family rodzina panstwo familjen eheleute ";

inline constexpr std::string_view kSuffixes =
    " jr sr jun sen ii iii iv esq mba phd md msc bsc llm dds ";
/// Between two people or the halves of a firm.
inline constexpr std::string_view kAnd =
    " and und en et och u e y i und/oder of the and/or oder o or pour c/o co/ tav zhv zhd "
    "attn att chez bei ";
/// An organisation, whatever stands beside it.
inline constexpr std::string_view kOrganisation =
    " gmbh ggmbh mbh ag kg kgaa ohg gbr ug partg bv nv vof cv bvba sprl cvba srl spa sas "
    "sarl eurl sasu sci sa sl slu sll slp scp snc sapa ltd limited llc llp lp plc inc incorporated "
    "corp corporation co company companies ab hb kb oy aps as spzoo zoo sp spk spj oo firma firm "
    "stichting stiftung vereniging verein verband association asociacion associazione fundacion "
    "fondazione fondation foundation ecole school schule szkola skola scuola escuela college lycee "
    "university universiteit universitat universita universite universidad uniwersytet hotel "
    "hostel "
    "restaurant ristorante restaurante restauracja cafe bar bakkerij backerei boulangerie "
    "pharmacie "
    "apotheke apotheek farmacia apteka praxis praktijk klinik kliniek clinic clinica hospital "
    "hopital krankenhaus ziekenhuis gemeente gemeinde stadt stadtwerke comune commune mairie urzad "
    "kommun kanzlei autohaus garage werkstatt service services solutions group gruppe groep "
    "holding "
    "studio atelier shop store winkel laden magasin negozio tienda sklep club klub kindergarten "
    "kita buro bureau office ufficio oficina biuro gbr media design consulting international "
    "trading import export logistics transport immobilien makelaardij verwaltung afdeling "
    "abteilung "
    "department dept einkauf inkoop empfang receptie reception magazijn lager team zentrale "
    "przedsiebiorstwo phu fhu kerk kirche church eglise parrocchia parafia bank museum theater "
    "theatre bibliotheek bibliothek library "
    "verlag deutsche locker tools electronics handel vertrieb technik systems industries "
    "enterprises partners ";

/// The same with a dot only: "e.K.".
inline constexpr std::string_view kDottedOrganisation = " ek ev eg ";
/// Titles that may be part of the name, and names of people whose custom is another order.
inline constexpr std::string_view kUnsettled =
    " graf grafin freiherr freifrau baron baronin baronesse baroness prinz prinzessin prince "
    "princess "
    "jonkheer jhr docteur docteure maitre maestro sgt lt capt cpt col gen maj cpl pvt mgr inz lek "
    "hab "
    "pastor pfarrer pater zuster broeder frere soeur nguyen tran pham thi hoang huynh ";

/// Between given and family name. Of NL and DE they are the infix, elsewhere part of the family
/// name.
inline constexpr std::string_view kInfixNl =
    " van de der den het 't ter ten te in op aan bij onder over uit uijt voor d' l' la le du des "
    "von "
    "zu vd vander vande v/d 's dos da di del ";
inline constexpr std::string_view kInfixDe = " von van vom zu zum zur der den de di del du dos da ";
inline constexpr std::string_view kParticles =
    " van von de der den la le les los las del della delle dello degli dei dal dalla dalle di da "
    "do "
    "dos das du des af av zu ter ten vande vander vanden el al san santa st lo li ";

/// Given names that are hardly ever family names; for second ones and for what stands behind a
/// comma.
inline constexpr std::string_view kGiven =
    " aaron adam adriana agata agnes agnieszka alba albert alberto aleksandra alessandra "
    "alessandro "
    "alessia alex alexander alexandra alfonso alfredo alice alicia alina alison amanda amelia "
    "amelie "
    "amy ana anders andrea andreas andree andrew andrzej angel angela angeles angelina angelo "
    "anita "
    "ann anna anne anneke annika antje anton antonella antonia antonio arnaud arthur astrid "
    "asuncion "
    "axel barbara bartosz beata begona belen beatriz benedetta benedicte benjamin bernadette bernd "
    "bertil "
    "birgit birgitta bjorn bob bogdan brigitte camille candela carl carla carlo carlos carmen "
    "carol "
    "carolina "
    "caroline catarina catherine cecile cecilia chantal charles charlotte chiara chloe christian "
    "christiane christina christine christoph christophe christopher clara claire claudia claudine "
    "concepcion consuelo cornelia cornelis cristina dagmar daniela danuta dario david deborah "
    "denise diana dick diego dieter dolores dominika dominique donna dorota edith eduardo edward "
    "ela "
    "elena elin eline elisa elisabeth elise elizabeth ella ellen elzbieta emil emilia emilie emily "
    "emma emmanuel encarnacion enrico enrique eric erik erika ernesto esther eugenia eva ewa "
    "estefania fabio fatima "
    "felipe fernando filippo florence francesca francesco francine francisca francisco franciszek "
    "francoise frederic frederik fredrik frederique friedrich fritz gabriel gabriela gabriele "
    "genevieve georg george gerard gerda gerhard gerrit gianluca gilles giorgio giovanna giovanni "
    "giulia giuseppe giuseppina gloria gosta grace grazia grzegorz guadalupe guillaume guillermo "
    "gunther "
    "gustav guy hanna hannah hanneke hannelore hans harald heather heidi heike heinz helen helena "
    "helene helga helmut hendrik henk henri henrik herbert hilde horst ian ignacio ilse ines inge "
    "ingrid inmaculada irene irina isabel isabella isabelle iwona jacek jack jacqueline jadwiga "
    "jakub "
    "jan jane janina janusz javier jean jeanne jennifer jens jeroen jerzy jessica jesus jill joan "
    "joanna joao johan johann johanna johannes john jonas jorge jose josef joseph josefa josefina "
    "josephine juan judith julia julie julien jurgen justyna karen karin karl karolina katarzyna "
    "kate katharina kathleen katrin kees kerstin klaus krystyna krzysztof kurt lars laura laurence "
    "lea lena leonardo lisa lise liselotte lorenzo lorena lotte louise luc luca lucas lucia lucie "
    "ludwig "
    "luigi luis luisa lukas lukasz luz macarena maarten mª maciej madeleine magdalena malgorzata "
    "manfred "
    "manuel manuela marc marcel marcin marco marek margaret margareta margarita margot maria "
    "marian "
    "mariana marianne marie mariejeanne marijke mario mariusz mark marta martha martina mary "
    "mateusz mathilde matteo matthew matthias max mercedes mia micha michael michal michele "
    "michelle "
    "mikael miguel milagros milena mirjam monica monika monique montserrat nadia natalia natalie "
    "nathalie "
    "nicola nicole nicolas nieves nils nina noah noelia noemi nora nuria olga olivia olivier olof "
    "oscar "
    "ottilie pablo paloma paola paolo patricia patrick patrik paula paulina pauline pawel pedro "
    "per petra "
    "philippe pierre pieter pietro pilar piotr rachel rafael raffaella rainer ralf ramon raquel "
    "rebecca reinhard renate renata rene ricardo riccardo richard rita robert roberto rocio "
    "rodrigo "
    "rolf rosa rosalia rosario rose rosemarie rosmarie roxana rudolf ruth ryszard sabine salvatore "
    "samuel sandra sara sarah sebastian sebastien sergio sien sigrid silvia simona simone sofia "
    "soledad sonia "
    "sofie sonja sophia sophie stanislaw stefan stefania stefano steffen stephanie stephen susan "
    "susana susanne sven sylvie tadeusz tanja teresa theo theresa therese thijs tina tobias tomasz "
    "torsten ulla ulrich ulrike urszula ursula uwe valentina valerie vanessa veronica veronika "
    "victoria vincenzo viola virginia virginie volker werner wilhelm wilhelmina willem william "
    "wojciech wolfgang yolanda yves yvonne zbigniew zofia ";
/// Second given name or first family name of Spain.
inline constexpr std::string_view kEitherEs =
    " vicente tomas julian salvador andres felix jaime gonzalo domingo martin alonso lorenzo "
    "marcos "
    "simon pascual benito bernabe esteban santiago mateo lucas nicolas reyes ramos leon bruno "
    "joaquin clemente fermin agustin blas cesar ";
/// With "del" they belong to a given name of Spain: "María del Carmen".
inline constexpr std::string_view kGivenAfterDel =
    " carmen mar pilar rosario rocio sol prado sagrario cristo angeles dolores nieves ";
/// The same with "de": "Francisco de Asís".
inline constexpr std::string_view kGivenAfterDe = " asis dios jesus padua paula borja ";

}  // namespace marketplug::contacts

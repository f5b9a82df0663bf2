#pragma once
// The words that addresses are recognised by, folded (words.hpp), each between blanks. Compile-time
// texts. A word that could mean two things belongs into no list: an address stays whole then.

#include <string_view>

namespace marketplug::contacts {

/// The sign of a number, no content of its own: "Calle Mayor nº 5".
inline constexpr std::string_view kNumberSigns =
    " nr no nº n° n num numero nummer huisnr hausnr hausnummer ";

/// Part of the extension, alone: "12 bis", "12 hs", "5 bajo".
inline constexpr std::string_view kAloneExtensions =
    " bis ter quater hs huis rd zw rood zwart boven beneden bovenhuis benedenhuis links rechts "
    "hinten "
    "vorne mitte eg ug dg hh vh hinterhaus vorderhaus seitenflugel erdgeschoss dachgeschoss "
    "souterrain parterre bajo atico entlo entresuelo principal izq izda izquierda dcha derecha "
    "centro og nb ovan bv i ii iii iv v vi rdc basement ground ";
/// Part of the extension, with the word behind it: "Apt 4B", "bus 3", "lgh 1102".
inline constexpr std::string_view kNamedExtensions =
    " apt appt app apartment appartement appartamento apartamento appartment flat unit suite ste "
    "room rm floor fl bldg building bus bte boite lgh lagenhet m lok lokal mieszkanie int interno "
    "scala sc esc escalera piso puerta pta pt portal bloque bl blq planta pl piano p etage et "
    "wohnung "
    "whg wohnungsnr zimmer zi raum aufgang aufg eingang haus stiege gebouw kamer hal unitnr "
    "huisnummertoevoeging toevoeging toev verdieping batiment bat hall porte escalier gebaude "
    "halle trappa trapp uppgang uppg klatka kl pietro pokoj ";
/// Behind the number of a floor: "2. OG", "1e verdieping", "2 tr".
inline constexpr std::string_view kFloors =
    " og ug stock stockwerk obergeschoss etage verdieping verd hoog floor fl piano piso planta "
    "pietro tr trappor vaning ";

inline constexpr std::string_view kMonths =
    " januar februar marz april mai juni juli august september oktober november dezember "
    "januari februari maart mei augustus december "
    "janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre "
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre dicembre "
    "enero febrero abril mayo junio julio septiembre octubre noviembre diciembre "
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada "
    "grudnia january february march may june july october maj augusti ";

/// Whom it goes to inside: no street, whatever number it has.
inline constexpr std::string_view kCareOf =
    " c/o co/ tav zhd zhv att attn tnv bei chez p/a presso abteilung abt afdeling afd dept "
    "service ";

/// How streets are called in countries that put the number first: at the end (GB, US) …
inline constexpr std::string_view kEnglishStreets =
    " street st road rd lane ln avenue ave av drive dr close way place pl court ct crescent cres "
    "terrace ter gardens gdns grove gr green hill row square sq walk mews view rise parade "
    "broadway "
    "boulevard blvd circle cir trail trl parkway pkwy highway hwy turnpike tpke loop path plaza "
    "alley aly ridge run crossing piccadilly strand embankment quay wharf croft vale heights hts "
    "expressway expy causeway common mall ";
/// … before a number or letter of their own (US) …
inline constexpr std::string_view kNumberedStreets =
    " highway hwy route rte road rd cr sr avenue ave ";
/// … or at the beginning (FR, and BE in French).
inline constexpr std::string_view kFrenchStreets =
    " rue r avenue av ave boulevard bd bld blvd place pl chemin che ch chem allee allees all "
    "impasse "
    "imp quai cours route rte square sq passage pass sentier sente voie ruelle faubourg fbg fg "
    "lotissement lot hameau rond-point cite villa esplanade promenade montee cote traverse venelle "
    "mail clos parvis chaussee dreve galerie ";
/// Where an English street's name may go on behind its kind.
inline constexpr std::string_view kDirections =
    " north south east west n s e w ne nw se sw northeast northwest southeast southwest ";
/// No street, whatever number stands behind it.
inline constexpr std::string_view kNoStreet =
    " km cedex cs tsa bp box rr hc psc cmr apo fpo unit pmb postnummer kundennummer kunde "
    "klantnummer bestellnummer paczkomat paketbox locker tel telefoon telefon telephone phone gsm "
    "mob mobil mobile mobiel order bestelling relais parcelshop kavel perceel parcela poligono "
    "nave lote lot block postbus postfach packstation postfiliale tor rampe werk bau geb "
    "gate dock level loods gmbh ag kg bv nv firma studio hotel restaurant cafe shop store club "
    "kita praxis woonboot vak ligplaats standplaats ";
/// Not enough to be a street's name: "Straße 101" is one as a whole, "Plein 44" too.
inline constexpr std::string_view kBareStreets =
    " strasse str weg allee platz plein straat laan calle c/ avenida avda via viale corso piazza "
    "plaza ulica ul aleja al rue avenue boulevard carretera ctra street road ";

/// A line that must be a street's name, for the number stands on another: by how its last word
/// ends, or by its first word.
inline constexpr std::string_view kStreetEndings =
    " strasse str straat weg laan plein kade gracht platz allee gasse ring damm ufer dijk singel "
    "steeg pad markt gatan vagen grand torg stigen lei ";
inline constexpr std::string_view kStreetBeginnings =
    " via viale piazza piazzale corso largo vicolo strada calle c/ avda avenida plaza pza paseo "
    "camino carretera ctra ronda travesia ul ulica al aleja aleje os osiedle plac rue avenue "
    "boulevard chaussee strasse ";

/// A line without a number that must be a street too: which one the number belongs to, nobody
/// knows ("12 Sample Court", "High Street").
inline constexpr std::string_view kSurelyStreets =
    " street st road rd lane ln avenue ave drive close way strasse str straat weg laan gasse allee "
    "kade gracht plein steeg gatan vagen ";

}  // namespace marketplug::contacts

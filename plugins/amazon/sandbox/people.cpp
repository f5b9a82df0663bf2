#include "plugins/amazon/sandbox/people.hpp"

#include <algorithm>
#include <iterator>

namespace amazon_sandbox {
namespace {

using Names = const std::string_view[];

// clang-format off
constexpr Names kDutchFirst = {"Sanne", "Daan", "Femke", "Joost", "Anouk", "Thijs", "Noël", "Zoë", "Willem-Jan", "Renée"};
constexpr Names kDutchLast = {"de Voorbeeld", "van Testeren", "Proefstra", "Verzonnen", "ter Fictie", "Müller-Bos", "in 't Niets", "Düssel"};
constexpr Names kDutchStreets = {"Voorbeeldstraat", "Proeflaan", "Fictieweg", "Testgracht", "Burgemeester de Nooitgenoemdlaan", "Verzinselplein"};
constexpr Names kDutchCompanies = {"Verzonnen Handel B.V.", "Proefbedrijf & Zonen", "Nergens Installatietechniek B.V.", "Café 't Niets"};
constexpr Place kDutchPlaces[] = {{"Amsterdam", "1011 ZZ", "Noord-Holland", ""}, {"'s-Hertogenbosch", "5211 ZZ", "", ""}, {"Groningen", "9711 ZZ", "Groningen", ""}, {"Sint-Oedenrode", "5491ZZ", "", ""}};

constexpr Names kGermanFirst = {"Jürgen", "Käthe", "Sören", "Anneliese", "Björn", "Mia", "Günther", "Lena", "Zoë", "Hans-Peter"};
constexpr Names kGermanLast = {"Müßig", "Beispiel", "Größer", "Probemann", "Straßner", "von Nirgendwo", "Äußerling", "Testhuber"};
constexpr Names kGermanStreets = {"Musterstraße", "Beispielweg", "Straße des Probelaufs", "Am Fiktiven Anger", "Dr.-Nirgendwo-Allee", "Äußere Testgasse"};
constexpr Names kGermanCompanies = {"Muster & Söhne GmbH", "Beispiel Großhandel KG", "Nirgendwo Werkzeuge GmbH & Co. KG", "Fiktiva Büromöbel AG"};
constexpr Place kGermanPlaces[] = {{"Berlin", "10115", "Berlin", ""}, {"München", "80331", "Bayern", ""}, {"Dresden", "01067", "Sachsen", ""}, {"Köln", "50667", "Nordrhein-Westfalen", ""}, {"Gräfenhainichen", "06773", "", ""}};

constexpr Names kFrenchFirst = {"Élodie", "Jean-François", "Zoé", "Gaël", "Chloé", "Théo", "Maëlys", "André", "Benoît", "Françoise"};
constexpr Names kFrenchLast = {"Exemple", "de la Fiction", "Lefèvre-Test", "Inventé", "Échantillon", "D'Essai", "Nullepart", "Sœurette"};
constexpr Names kFrenchStreets = {"rue de l'Exemple", "avenue des Essais", "boulevard Imaginaire", "place du Rêve", "impasse de la Fiction", "chemin du Château-d'Œuf"};
constexpr Names kFrenchCompanies = {"Société Exemple SARL", "Les Ateliers Imaginaires SAS", "Fiction & Fils", "Café de Nulle Part"};
constexpr Place kFrenchPlaces[] = {{"Paris", "75001", "", ""}, {"Saint-Étienne", "42000", "", ""}, {"Orléans", "45000", "", ""}, {"L'Haÿ-les-Roses", "94240", "", ""}};
constexpr Place kBelgianPlaces[] = {{"Bruxelles", "1000", "", ""}, {"Liège", "4000", "", ""}, {"Antwerpen", "2000", "", ""}};

constexpr Names kEnglishFirst = {"Olivia", "Harry", "Siân", "Callum", "Zoë", "Priya", "Niall", "Aoife", "Mary-Jane", "Chloë"};
constexpr Names kEnglishLast = {"Example", "Testington", "O'Fiction", "Sampleworth", "Nowhere-Smith", "Imaginary", "Placeholder", "Inventley"};
constexpr Names kEnglishStreets = {"Example Street", "Fiction Lane", "Sample Road", "Imaginary Avenue", "Nowhere Close", "Testington Gardens"};
constexpr Names kEnglishCompanies = {"Example Trading Ltd", "Nowhere Tools & Sons", "Fiction Supplies plc", "Imaginary Kitchens"};
constexpr Place kBritishPlaces[] = {{"London", "SW1A 9ZZ", "England", "Greater London"}, {"Manchester", "M1 9ZZ", "England", "Greater Manchester"}, {"Llanfair", "LL61 9ZZ", "Wales", ""}, {"Edinburgh", "EH1 9ZZ", "Scotland", ""}};
constexpr Place kIrishPlaces[] = {{"Dublin", "D01 ZZ99", "", "Dublin"}, {"Dún Laoghaire", "A96 ZZ99", "", "Dublin"}, {"Cork", "T12 ZZ99", "", "Cork"}};
constexpr Place kUsPlaces[] = {{"Springfield", "01101", "MA", ""}, {"Seattle", "98101", "WA", ""}, {"Cañon City", "81212", "CO", ""}, {"Austin", "78701-0001", "TX", ""}};
constexpr Place kCanadianPlaces[] = {{"Toronto", "M5V 0Z0", "ON", ""}, {"Montréal", "H2Y 0Z0", "QC", ""}, {"Vancouver", "V5K 0Z0", "BC", ""}};
constexpr Place kAustralianPlaces[] = {{"Sydney", "2000", "NSW", ""}, {"Melbourne", "3000", "VIC", ""}, {"Darwin", "0800", "NT", ""}};
constexpr Place kSingaporePlaces[] = {{"Singapore", "018900", "", ""}, {"Singapore", "238801", "", ""}};
constexpr Place kSouthAfricanPlaces[] = {{"Cape Town", "8001", "Western Cape", ""}, {"Durban", "4001", "KwaZulu-Natal", ""}};
constexpr Place kIndianPlaces[] = {{"Mumbai", "400001", "MAHARASHTRA", ""}, {"Bengaluru", "560001", "KARNATAKA", ""}};
constexpr Place kEmiratesPlaces[] = {{"Dubai", "", "Dubai", ""}, {"Abu Dhabi", "", "Abu Dhabi", ""}};

constexpr Names kItalianFirst = {"Niccolò", "Giulia", "Zoè", "Matteo", "Chiara", "Nicolò", "Beatrice", "Giosuè"};
constexpr Names kItalianLast = {"Esempio", "Di Prova", "D'Inventato", "Fittizio", "Nessunluogo", "Perché"};
constexpr Names kItalianStreets = {"Via dell'Esempio", "Viale della Prova", "Piazza Immaginaria", "Corso Fittizio", "Largo della Libertà"};
constexpr Names kItalianCompanies = {"Esempio S.r.l.", "Fratelli Fittizi S.n.c.", "Nessunluogo Forniture S.p.A."};
constexpr Place kItalianPlaces[] = {{"Roma", "00118", "RM", ""}, {"Forlì", "47121", "FC", ""}, {"Torino", "10121", "TO", ""}};

constexpr Names kSpanishFirst = {"Íñigo", "María José", "Begoña", "José", "Lucía", "Ángel", "Núria", "Óscar"};
constexpr Names kSpanishLast = {"Ejemplo Muñoz", "de la Prueba", "Inventado Núñez", "Ficción Peña", "Ninguna Parte"};
constexpr Names kSpanishStreets = {"Calle del Ejemplo", "Avenida de la Ficción", "Plaza Imaginaria", "Paseo de la Señal", "Carrer de l'Invent"};
constexpr Names kSpanishCompanies = {"Ejemplo S.L.", "Suministros Ficción S.A.", "Hermanos Nadie C.B."};
constexpr Place kSpanishPlaces[] = {{"Madrid", "28001", "Madrid", ""}, {"A Coruña", "15001", "A Coruña", ""}, {"Cádiz", "11001", "Cádiz", ""}};
constexpr Place kMexicanPlaces[] = {{"Ciudad de México", "06000", "CDMX", ""}, {"Mérida", "97000", "Yucatán", ""}};

constexpr Names kPortugueseFirst = {"João", "Conceição", "Inês", "Luísa", "Antônio", "Zélia"};
constexpr Names kPortugueseLast = {"do Exemplo", "Ficção", "da Invenção", "Ninguém", "Testão"};
constexpr Names kPortugueseStreets = {"Rua do Exemplo", "Avenida da Ficção", "Travessa da Imaginação", "Alameda São Ninguém"};
constexpr Names kPortugueseCompanies = {"Exemplo Tecnologia Ltda", "Ficção Comércio S.A."};
constexpr Place kBrazilianPlaces[] = {{"São Paulo", "01000-999", "SP", "Vila Exemplo"}, {"Florianópolis", "88000-999", "SC", "Centro Fictício"}};

constexpr Names kPolishFirst = {"Łukasz", "Małgorzata", "Grażyna", "Paweł", "Żaneta", "Świętosława"};
constexpr Names kPolishLast = {"Przykładowska", "Próbny", "Żółć-Testowa", "Nigdziewicz", "Wymyślony"};
constexpr Names kPolishStreets = {"ul. Przykładowa", "al. Próbna", "ul. Źródła Fikcji", "pl. Wymyślony", "os. Żółwie"};
constexpr Names kPolishCompanies = {"Przykład sp. z o.o.", "Fikcja i Spółka s.c.", "Zakłady Nigdzie S.A."};
constexpr Place kPolishPlaces[] = {{"Łódź", "90-001", "łódzkie", ""}, {"Kraków", "30-001", "małopolskie", ""}, {"Żory", "44-240", "śląskie", ""}};

constexpr Names kSwedishFirst = {"Åsa", "Björn", "Märta", "Örjan", "Linnéa", "Håkan"};
constexpr Names kSwedishLast = {"Exempelsson", "Påhittad", "Testström", "Ingenstansberg", "Öväntad"};
constexpr Names kSwedishStreets = {"Exempelgatan", "Påhittsvägen", "Östra Testgränden", "Ingenstansplan"};
constexpr Names kSwedishCompanies = {"Exempel AB", "Påhitt & Söner HB"};
constexpr Place kSwedishPlaces[] = {{"Stockholm", "111 29", "", ""}, {"Malmö", "211 20", "", ""}, {"Örebro", "702 10", "", ""}};

constexpr Names kTurkishFirst = {"Ayşe", "Çağlar", "İpek", "Oğuz", "Şükrü", "Gülşah"};
constexpr Names kTurkishLast = {"Örnekoğlu", "Deneme", "Hayalî", "Yokyer", "Uydurmaçay"};
constexpr Names kTurkishStreets = {"Örnek Caddesi No:", "Deneme Sokağı No:", "Hayal Bulvarı No:"};
constexpr Names kTurkishCompanies = {"Örnek Ticaret Ltd. Şti.", "Hayal Gıda A.Ş."};
constexpr Place kTurkishPlaces[] = {{"İstanbul", "34000", "İstanbul", "Beyoğlu"}, {"Eskişehir", "26000", "Eskişehir", "Odunpazarı"}};

constexpr Names kArabicFirst = {"مثال", "ليلى", "سامي", "Yasmin", "Omar"};
constexpr Names kArabicLast = {"التجريبي", "الخيالي", "Al-Mithal", "Bin Tajriba"};
constexpr Names kArabicStreets = {"شارع المثال", "Example Corniche Road", "Al Khayal Street"};
constexpr Names kArabicCompanies = {"شركة المثال", "Khayal Trading LLC"};
constexpr Place kEgyptianPlaces[] = {{"Cairo", "11511", "Cairo", ""}, {"الإسكندرية", "21500", "", ""}};
constexpr Place kSaudiPlaces[] = {{"الرياض", "11564", "", ""}, {"Jeddah", "21442", "Makkah", ""}};

constexpr Names kJapaneseFirst = {"太郎", "花子", "例美", "試男", "さくら", "ケンジ"};
constexpr Names kJapaneseLast = {"見本", "架空", "例田", "試験沢", "無名原", "日本"};
constexpr Names kJapaneseStreets = {"例示町", "架空通り", "見本台", "試験ヶ丘"};
constexpr Names kJapaneseCompanies = {"株式会社見本商事", "架空工業有限会社"};
constexpr Place kJapanesePlaces[] = {{"渋谷区", "150-0099", "東京都", ""}, {"大阪市北区", "530-0099", "大阪府", ""}, {"札幌市", "060-0099", "北海道", ""}};

constexpr Country kCountries[] = {
    {"GB", kEnglishFirst, kEnglishLast, kEnglishStreets, kEnglishCompanies, kBritishPlaces, "+44 20 7946 0", true, false},
    {"NL", kDutchFirst, kDutchLast, kDutchStreets, kDutchCompanies, kDutchPlaces, "+31 20 555 0", false, false},
    {"DE", kGermanFirst, kGermanLast, kGermanStreets, kGermanCompanies, kGermanPlaces, "+49 30 23125 ", false, false},
    {"FR", kFrenchFirst, kFrenchLast, kFrenchStreets, kFrenchCompanies, kFrenchPlaces, "+33 1 99 00 0", true, false},
    {"BE", kFrenchFirst, kDutchLast, kFrenchStreets, kDutchCompanies, kBelgianPlaces, "+32 2 555 0", false, false},
    {"IE", kEnglishFirst, kEnglishLast, kEnglishStreets, kEnglishCompanies, kIrishPlaces, "+353 1 555 0", true, false},
    {"ES", kSpanishFirst, kSpanishLast, kSpanishStreets, kSpanishCompanies, kSpanishPlaces, "+34 910 555 ", false, false},
    {"IT", kItalianFirst, kItalianLast, kItalianStreets, kItalianCompanies, kItalianPlaces, "+39 06 5550 ", false, false},
    {"SE", kSwedishFirst, kSwedishLast, kSwedishStreets, kSwedishCompanies, kSwedishPlaces, "+46 8 465 004 ", false, false},
    {"PL", kPolishFirst, kPolishLast, kPolishStreets, kPolishCompanies, kPolishPlaces, "+48 22 555 0", false, false},
    {"TR", kTurkishFirst, kTurkishLast, kTurkishStreets, kTurkishCompanies, kTurkishPlaces, "+90 212 555 0", false, false},
    {"ZA", kEnglishFirst, kEnglishLast, kEnglishStreets, kEnglishCompanies, kSouthAfricanPlaces, "+27 21 555 0", true, false},
    {"EG", kArabicFirst, kArabicLast, kArabicStreets, kArabicCompanies, kEgyptianPlaces, "+20 2 5550 ", false, false},
    {"SA", kArabicFirst, kArabicLast, kArabicStreets, kArabicCompanies, kSaudiPlaces, "+966 11 555 0", false, false},
    {"AE", kArabicFirst, kArabicLast, kArabicStreets, kArabicCompanies, kEmiratesPlaces, "+971 4 555 0", false, false},
    {"IN", kEnglishFirst, kEnglishLast, kEnglishStreets, kEnglishCompanies, kIndianPlaces, "+91 22 5550 ", true, false},
    {"US", kEnglishFirst, kEnglishLast, kEnglishStreets, kEnglishCompanies, kUsPlaces, "+1 206-555-0", true, false},
    {"CA", kFrenchFirst, kEnglishLast, kEnglishStreets, kEnglishCompanies, kCanadianPlaces, "+1 416-555-0", true, false},
    {"MX", kSpanishFirst, kSpanishLast, kSpanishStreets, kSpanishCompanies, kMexicanPlaces, "+52 55 5550 ", false, false},
    {"BR", kPortugueseFirst, kPortugueseLast, kPortugueseStreets, kPortugueseCompanies, kBrazilianPlaces, "+55 11 95550-", false, false},
    {"AU", kEnglishFirst, kEnglishLast, kEnglishStreets, kEnglishCompanies, kAustralianPlaces, "+61 2 5550 ", true, false},
    {"SG", kEnglishFirst, kEnglishLast, kEnglishStreets, kEnglishCompanies, kSingaporePlaces, "+65 6555 0", true, false},
    {"JP", kJapaneseFirst, kJapaneseLast, kJapaneseStreets, kJapaneseCompanies, kJapanesePlaces, "03-5550-0", false, true},
};

constexpr Names kEnglishTitles = {
    "Invented Works Stainless Steel Insulated Travel Mug with Leak-Proof Lid, 450 ml, Keeps Drinks Hot for 6 Hours, Matt Black",
    "Nowhere Audio Wireless Over-Ear Headphones with Noise Reduction & 40 Hours of Playtime, Foldable, incl. 3.5 mm Cable",
    "Example Home Set of 4 Organic Cotton Tea Towels (50 x 70 cm), \"Herringbone\" Pattern, Machine Washable at 60 °C",
    "Fictional Toys Wooden Railway Starter Set, 52 Pieces, Bridge, Tunnel & Magnetic Carriages, for Ages 3+",
    "Sample Tools 20V Cordless Drill Driver, 2 Batteries (2.0 Ah), 25+1 Torque Settings, Case Included"};
constexpr Names kGermanTitles = {
    "Musterwerk Edelstahl-Thermobecher mit auslaufsicherem Deckel, 450 ml, hält Getränke 6 Stunden heiß, Mattschwarz",
    "Nirgendwo Audio kabellose Over-Ear-Kopfhörer mit Geräuschunterdrückung, 40 Stunden Akkulaufzeit, faltbar, inkl. Kabel",
    "Beispiel Heim 4er-Set Geschirrtücher aus Bio-Baumwolle (50 x 70 cm), Fischgrätmuster, waschbar bei 60 °C",
    "Fiktiv Holzeisenbahn Starterset, 52-teilig, Brücke, Tunnel & magnetische Waggons, für Kinder ab 3 Jahren",
    "Großmuster Akku-Bohrschrauber 20 V, 2 Akkus (2,0 Ah), 25+1 Drehmomentstufen, im Koffer"};
constexpr Names kDutchTitles = {
    "Verzonnen Werk roestvrijstalen thermosbeker met lekvrij deksel, 450 ml, houdt dranken 6 uur heet, mat zwart",
    "Nergens Audio draadloze over-ear koptelefoon met ruisonderdrukking, 40 uur speeltijd, opvouwbaar, incl. 3,5 mm-kabel",
    "Voorbeeld Thuis set van 4 theedoeken van biologisch katoen (50 x 70 cm), visgraatmotief, wasbaar op 60 °C",
    "Fictie Speelgoed houten treinbaan startset, 52 delen, brug, tunnel & magnetische wagons, vanaf 3 jaar",
    "Proef accuboormachine 20 V, 2 accu's (2,0 Ah), 25+1 koppelstanden, in koffer — één jaar garantie"};
constexpr Names kFrenchTitles = {
    "Atelier Imaginaire mug isotherme en acier inoxydable avec couvercle étanche, 450 ml, garde au chaud 6 h, noir mat",
    "Nulle Part Audio casque sans fil circum-aural à réduction de bruit, 40 heures d'autonomie, pliable, câble inclus",
    "Maison Exemple lot de 4 torchons en coton biologique (50 x 70 cm), motif chevrons, lavables à 60 °C",
    "Fiction Jouets circuit de train en bois, 52 pièces, pont, tunnel et wagons magnétiques, dès 3 ans",
    "Essai perceuse-visseuse sans fil 20 V, 2 batteries (2,0 Ah), 25+1 réglages de couple, livrée en coffret"};
constexpr Names kSpanishTitles = {
    "Taller Inventado vaso térmico de acero inoxidable con tapa antiderrames, 450 ml, mantiene el calor 6 horas, negro mate",
    "Ninguna Parte auriculares inalámbricos con reducción de ruido, 40 horas de reproducción, plegables, cable incluido",
    "Juego de 4 paños de cocina de algodón orgánico (50 x 70 cm), diseño de espiga, lavables a 60 °C"};
constexpr Names kItalianTitles = {
    "Officina Esempio tazza termica in acciaio inox con coperchio ermetico, 450 ml, mantiene caldo per 6 ore, nero opaco",
    "Nessunluogo cuffie wireless con riduzione del rumore, 40 ore di autonomia, pieghevoli, cavo incluso — qualità più"};
constexpr Names kPolishTitles = {
    "Przykładowy kubek termiczny ze stali nierdzewnej ze szczelną pokrywką, 450 ml, utrzymuje ciepło 6 godzin, czarny mat",
    "Bezprzewodowe słuchawki nauszne z redukcją szumów, 40 godzin odtwarzania, składane, w zestawie kabel — żółte"};
constexpr Names kSwedishTitles = {
    "Påhittad termosmugg i rostfritt stål med läckagesäkert lock, 450 ml, håller drycken varm i 6 timmar, mattsvart",
    "Trådlösa hörlurar med brusreducering, 40 timmars speltid, hopfällbara, inkl. kabel — perfekta för resor"};
constexpr Names kJapaneseTitles = {
    "見本工房 ステンレス真空断熱タンブラー 450ml 漏れ防止ふた付き 保温6時間 マットブラック",
    "架空オーディオ ワイヤレスヘッドホン ノイズキャンセリング 最大40時間再生 折りたたみ式 ケーブル付属",
    "例示ホーム オーガニックコットン キッチンクロス 4枚セット（50×70cm）ヘリンボーン柄 60℃で洗濯可能"};
constexpr Names kGiftMessages = {
    "Happy birthday! Enjoy it, and see you soon.", "Alles Gute zum Geburtstag, liebe Käthe! Dein Jürgen",
    "Gefeliciteerd!\nVeel plezier ermee, groetjes uit 't Niets", "Joyeux anniversaire, Zoé ! À bientôt",
    "Wszystkiego najlepszego, Łukaszu!", "お誕生日おめでとうございます", "Congratulations \"both\" of you 🎉🎁"};
// clang-format on

}  // namespace

const Country& country_data(std::string_view iso_code) noexcept {
  const auto* found = std::find_if(std::begin(kCountries), std::end(kCountries),
                                   [&](const Country& c) { return c.code == iso_code; });
  return found == std::end(kCountries) ? kCountries[0] : *found;
}

std::span<const std::string_view> product_titles(std::string_view language) noexcept {
  const auto family = language.substr(0, 2);
  if (family == "de") return kGermanTitles;
  if (family == "nl") return kDutchTitles;
  if (family == "fr") return kFrenchTitles;
  if (family == "es") return kSpanishTitles;
  if (family == "it") return kItalianTitles;
  if (family == "pl") return kPolishTitles;
  if (family == "sv") return kSwedishTitles;
  if (family == "ja") return kJapaneseTitles;
  return kEnglishTitles;
}

std::span<const std::string_view> gift_messages() noexcept { return kGiftMessages; }

}  // namespace amazon_sandbox

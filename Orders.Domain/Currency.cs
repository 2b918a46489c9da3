using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Orders.Domain;

/// <summary>A currency by its ISO 4217 code, with the number of digits that its minor unit has.</summary>
[JsonConverter(typeof(CurrencyJsonConverter))]
public sealed class Currency : IEquatable<Currency>
{
    // ISO 4217 list one (active codes), by minor-unit digits. Two digits is the common case and listed last.
    private static readonly FrozenDictionary<string, Currency> ActiveByCode = Table(
        isActive: true,
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
        (2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC " +
            "CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES " +
            "KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR " +
            "NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP " +
            "TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG"));

    // List three (withdrawn codes). It has no minor units; these are the ones that were in use.
    private static readonly FrozenDictionary<string, Currency> WithdrawnByCode = Table(
        isActive: false,
        (0, "ADP BEF BYB BYR ESP GRD ITL LUF MGF PTE ROL TMM TPE TRL"),
        (2, "AFA ALK ANG AOK AON AOR ARA ARP ARY ATS AYM AZM BAD BEC BEL BGJ BGK BGL BGN BOP BRB BRC BRE BRN BRR BUK CHC CNX CSD CSJ CSK CUC CYP DDM DEM " +
            "ECS ECV EEK ESA ESB FIM FRF GEK GHC GHP GNE GNS GQE GWE GWP HRD HRK IEP ILP ILR ISJ LAJ LSM LTL LTT LUC LUL LVL LVR MLF MRO MTL MTP MVQ " +
            "MXP MZE MZM NIC NLG PEH PEI PES PLZ RHD ROK RUR SDD SDP SIT SKK SLL SRG STD SUR TJR UAK UGS UGW UYN UYP VEB VEF VNC XEU YDD YUD YUM YUN " +
            "ZAL ZMK ZRN ZRZ ZWC ZWD ZWL ZWN ZWR"));

    private static readonly FrozenDictionary<string, Currency> ByCode =
        ActiveByCode.Concat(WithdrawnByCode).ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Currency>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByCode.GetAlternateLookup<ReadOnlySpan<char>>();

    // Dividing by it removes trailing zeros.
    private const decimal One = 1.0000000000000000000000000000m;

    private readonly decimal _zero;

    private Currency(string code, int digits, bool isActive)
    {
        Code = code;
        Digits = digits;
        IsActive = isActive;
        _zero = new decimal(0, 0, 0, isNegative: false, (byte)digits);
    }

    /// <summary>The three letters, upper case.</summary>
    public string Code { get; }

    /// <summary>How many decimal digits an amount may have: 0 for JPY, 2 for INR, 3 for KWD.</summary>
    public int Digits { get; }

    /// <summary>Whether it is in use. Older orders keep a withdrawn currency.</summary>
    public bool IsActive { get; }

    /// <summary>Finds a currency by its code. Codes are upper case, as ISO 4217 writes them.</summary>
    /// <param name="code">Three upper-case letters.</param>
    /// <param name="currency">The currency, when there is one.</param>
    /// <returns>False for a code that is not an ISO 4217 currency, active or withdrawn.</returns>
    public static bool TryFind(ReadOnlySpan<char> code, [NotNullWhen(true)] out Currency? currency) => BySpan.TryGetValue(code, out currency);

    /// <summary>
    /// Whether an amount has no more decimals than the currency allows (trailing zeros do not count).
    /// </summary>
    /// <param name="amount">An amount in this currency.</param>
    public bool Fits(decimal amount) => decimal.Round(amount, Digits) == amount;

    /// <summary>
    /// The same amount, written with at least this currency's digits: 200 INR becomes 200.00.
    /// </summary>
    /// <param name="amount">An amount in this currency; further digits are kept, never rounded.</param>
    public decimal Scale(decimal amount)
    {
        // Adding a zero of n digits widens the scale to n; trailing zeros beyond n are cut so that one value
        // has one spelling.
        var widened = amount + _zero;
        return widened.Scale <= Digits ? widened : Fits(widened) ? decimal.Round(widened, Digits) : widened / One;
    }

    /// <inheritdoc/>
    public bool Equals(Currency? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => Code.GetHashCode(StringComparison.Ordinal);

    /// <summary>The code.</summary>
    public override string ToString() => Code;

    private static FrozenDictionary<string, Currency> Table(bool isActive, params ReadOnlySpan<(int Digits, string Codes)> groups)
    {
        var table = new Dictionary<string, Currency>(StringComparer.Ordinal);
        foreach (var (digits, codes) in groups)
        {
            foreach (var code in codes.Split(' '))
            {
                table.Add(code, new Currency(code, digits, isActive));
            }
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

using ARSoft.Tools.Net.Dns;

namespace MiniKube.Dns.Records;

/// <summary>What a zone knows of a name.</summary>
/// <param name="Code">NoError for a name that is there, with or without records of the type asked for.</param>
/// <param name="Answers">The records asked for.</param>
internal sealed record Lookup(ReturnCode Code, IReadOnlyList<DnsRecordBase> Answers)
{
    /// <summary>The name is there, and has no record of that type.</summary>
    public static readonly Lookup NoData = new(ReturnCode.NoError, []);

    public static readonly Lookup NoSuchName = new(ReturnCode.NxDomain, []);

    /// <summary>Records that a client will want next: the addresses of an SRV record's targets.</summary>
    public IReadOnlyList<DnsRecordBase> Additional { get; init; } = [];
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;

using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

using k8s.Models;

using MiniKube.Api.Addresses;
using MiniKube.Api.Meta;

namespace MiniKube.Dns.Records;

/// <summary>
/// The names below the cluster's domain, after Kubernetes' DNS-Based Service Discovery 1.1.0. Where that leaves room, as CoreDNS answers with kubeadm's configuration
/// (<c>pods insecure</c>: a pod's name is its address, whether there is such a pod or not).
/// </summary>
internal sealed class ClusterZone(ClusterNames names, DnsOptions options, TimeProvider clock)
{
    private const string Version = "1.1.0";

    private readonly string[] _domain = options.ClusterDomain.Split('.');
    private readonly DomainName _apex = DomainName.Parse(options.ClusterDomain);

    /// <summary>What stands in every negative answer: how long it may be kept.</summary>
    public SoaRecord StartOfAuthority => new(
        _apex,
        options.TimeToLive,
        DomainName.Parse($"ns.dns.{options.ClusterDomain}"),
        DomainName.Parse($"hostmaster.{options.ClusterDomain}"),
        (uint)clock.GetUtcNow().ToUnixTimeSeconds(),
        7200,
        1800,
        86400,
        options.TimeToLive);

    /// <summary>Null for a name of another zone.</summary>
    public Lookup? Find(DomainName name, RecordType type)
    {
        string[] labels = [.. name.Labels.Select(label => label.ToLowerInvariant())];
        if (labels.Length < _domain.Length || !labels.AsSpan(labels.Length - _domain.Length).SequenceEqual(_domain))
        {
            return null;
        }

        return labels[..^_domain.Length] switch
        {
            [] => Apex(name, type),
            ["dns-version"] => Only(RecordType.Txt, type, new TxtRecord(name, options.TimeToLive, Version)),
            ["svc"] or ["pod"] => Lookup.NoData,
            [var ns, "svc" or "pod"] => names.HasNamespace(ns) ? Lookup.NoData : Lookup.NoSuchName,
            [var address, var ns, "pod"] => Pod(name, type, address, ns),
            [var service, var ns, "svc"] => Service(name, type, new NamespacedName(ns, service), _ => true),
            [['_', .. var port], ['_', .. var protocol], var service, var ns, "svc"] => Service(
                name, type, new NamespacedName(ns, service), candidate => candidate.Name == port && candidate.Protocol == protocol),
            [var endpoint, var service, var ns, "svc"] => Endpoint(name, type, endpoint, new NamespacedName(ns, service)),
            _ => Lookup.NoSuchName,
        };
    }

    private Lookup Apex(DomainName name, RecordType type) => type switch
    {
        RecordType.Soa => new Lookup(ReturnCode.NoError, [StartOfAuthority]),
        RecordType.Ns => new Lookup(ReturnCode.NoError, [new NsRecord(name, options.TimeToLive, StartOfAuthority.MasterName)]),
        _ => Lookup.NoData,
    };

    private Lookup Pod(DomainName name, RecordType type, string dashed, string ns)
    {
        // One dash may stand for a dot or for a colon: no text can be read as both.
        var isAddress = AddressText.TryParse(dashed.Replace('-', '.'), out var address) && dashed.Count(character => character == '-') == 3;
        isAddress = isAddress || AddressText.TryParse(dashed.Replace('-', ':'), out address);
        return isAddress && names.HasNamespace(ns) ? Addresses(name, type, [address!]) : Lookup.NoSuchName;
    }

    private Lookup Service(DomainName name, RecordType type, NamespacedName key, Func<(string Name, string Protocol), bool> port)
    {
        if (names.FindService(key) is not { Spec: { } spec } service)
        {
            return Lookup.NoSuchName;
        }

        if (spec.Type == "ExternalName")
        {
            return new Lookup(ReturnCode.NoError, [new CNameRecord(name, options.TimeToLive, DomainName.Parse(spec.ExternalName.TrimEnd('.')))]);
        }

        if (IsHeadless(service))
        {
            return Headless(name, type, key, [.. names.Endpoints(key)], port);
        }

        var ports = (spec.Ports ?? []).Where(candidate => port((candidate.Name ?? "", (candidate.Protocol ?? "TCP").ToLowerInvariant()))).ToList();
        var addresses = ClusterNames.ClusterAddresses(service).ToList();
        if (ports.Count == 0)
        {
            return name.LabelCount == _domain.Length + 3 ? Addresses(name, type, addresses) : Lookup.NoSuchName;
        }

        return type is RecordType.Srv
            ? Srv(name, [.. ports.Select(each => (each.Port, NameOf(key), addresses))])
            : Addresses(name, type, addresses);
    }

    // A headless service without a ready endpoint has no name, as CoreDNS has it.
    private Lookup Headless(
        DomainName name, RecordType type, NamespacedName key, IReadOnlyList<NamedAddress> endpoints, Func<(string Name, string Protocol), bool> port)
    {
        var found = endpoints
            .Select(endpoint => (Endpoint: endpoint, Ports: endpoint.Ports.Where(candidate => port((candidate.Name, candidate.Protocol))).ToList()))
            .Where(candidate => candidate.Ports.Count > 0 || name.LabelCount == _domain.Length + 3)
            .ToList();
        if (found.Count == 0)
        {
            return Lookup.NoSuchName;
        }

        return type is RecordType.Srv
            ? Srv(name, [.. found.SelectMany(each => each.Ports.Select(candidate => (candidate.Port, NameOf(key, each.Endpoint.Label), new List<IPAddress> { each.Endpoint.Address })))])
            : Addresses(name, type, [.. found.Select(each => each.Endpoint.Address).Distinct()]);
    }

    private Lookup Endpoint(DomainName name, RecordType type, string label, NamespacedName key)
    {
        IReadOnlyList<NamedAddress> found = names.FindService(key) is null ? [] : [.. names.Endpoints(key).Where(endpoint => endpoint.Label == label)];
        return found.Count == 0 ? Lookup.NoSuchName
            : type is RecordType.Srv ? Srv(name, [.. found.SelectMany(each => each.Ports.Select(port => (port.Port, NameOf(key, label), new List<IPAddress> { each.Address })))])
            : Addresses(name, type, [.. found.Select(each => each.Address)]);
    }

    private Lookup Addresses(DomainName name, RecordType type, IReadOnlyList<IPAddress> addresses) => new(
        ReturnCode.NoError,
        [
            .. from address in addresses
               where type is RecordType.Any || type == (address.AddressFamily == AddressFamily.InterNetwork ? RecordType.A : RecordType.Aaaa)
               select AddressRecord(name, address),
        ]);

    private Lookup Srv(DomainName name, IReadOnlyList<(int Port, DomainName Target, List<IPAddress> Addresses)> ports)
    {
        // All are alike: each has its share of a hundred.
        var weight = (ushort)Math.Max(1, 100 / Math.Max(1, ports.Count));
        return new Lookup(ReturnCode.NoError, [.. ports.Select(port => new SrvRecord(name, options.TimeToLive, 0, weight, (ushort)port.Port, port.Target))])
        {
            Additional = [.. ports.SelectMany(port => port.Addresses.Select(address => (port.Target, address))).Distinct().Select(each => AddressRecord(each.Target, each.address))],
        };
    }

    private DnsRecordBase AddressRecord(DomainName name, IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? new ARecord(name, options.TimeToLive, address)
        : new AaaaRecord(name, options.TimeToLive, address);

    private static Lookup Only(RecordType has, RecordType asked, DnsRecordBase record) =>
        asked == has || asked is RecordType.Any ? new Lookup(ReturnCode.NoError, [record]) : Lookup.NoData;

    /// <summary>The full name of a service, or of one endpoint of it.</summary>
    public DomainName NameOf(NamespacedName service, string endpoint = "") => DomainName.Parse(
        string.Create(CultureInfo.InvariantCulture, $"{(endpoint.Length > 0 ? endpoint + "." : "")}{service.Name}.{service.Namespace}.svc.{options.ClusterDomain}"));

    public static bool IsHeadless(V1Service service) => service.Spec?.ClusterIP == "None";
}

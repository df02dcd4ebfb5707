using System.Security.Cryptography;
using System.Text;

using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Rendering;

/// <summary>Upstream's names of chains: a prefix and 16 letters of a hash, since the kernel allows 28 characters.</summary>
internal static class ChainNames
{
    public const string Services = "KUBE-SERVICES";
    public const string ExternalServices = "KUBE-EXTERNAL-SERVICES";
    public const string NodePorts = "KUBE-NODEPORTS";
    public const string Postrouting = "KUBE-POSTROUTING";
    public const string MarkMasquerade = "KUBE-MARK-MASQ";
    public const string Forward = "KUBE-FORWARD";
    public const string Firewall = "KUBE-PROXY-FIREWALL";

    /// <summary>An empty chain that is there as long as nobody flushed the tables.</summary>
    public const string Canary = "KUBE-PROXY-CANARY";

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int HashLength = 16;

    // Chains that come and go with services; what is left of them by an earlier run is deleted.
    private static readonly string[] Prefixes = ["KUBE-SVC-", "KUBE-SVL-", "KUBE-EXT-", "KUBE-FW-", "KUBE-SEP-"];

    public static string ClusterService(ServicePort service) => "KUBE-SVC-" + Hash(service);

    public static string LocalService(ServicePort service) => "KUBE-SVL-" + Hash(service);

    public static string External(ServicePort service) => "KUBE-EXT-" + Hash(service);

    public static string SourceRanges(ServicePort service) => "KUBE-FW-" + Hash(service);

    public static string Endpoint(ServicePort service, ServiceEndpoint endpoint) => "KUBE-SEP-" + Hash($"{service.Name}{service.Protocol}{endpoint}");

    public static bool IsOfAService(string chain) => Prefixes.Any(prefix => chain.StartsWith(prefix, StringComparison.Ordinal));

    private static string Hash(ServicePort service) => Hash($"{service.Name}{service.Protocol}");

    // Base 32 of the first ten bytes: five bits a letter.
    private static string Hash(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return string.Create(HashLength, hash, static (letters, bytes) =>
        {
            for (var i = 0; i < letters.Length; i++)
            {
                var bit = i * 5;
                var pair = (bytes[bit / 8] << 8) | bytes[(bit / 8) + 1];
                letters[i] = Base32[(pair >> (11 - (bit % 8))) & 31];
            }
        });
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Bootstrap;

/// <summary>
/// The Lease <c>kube-system/apiserver-HASH</c> by which a server says that it lives (KEP-1965): valid for an hour, renewed at every round of the bootstrap. The
/// hash is of the host's name, so that a server that starts again takes the Lease that it had.
/// </summary>
internal sealed class IdentityLease(SystemWriter writer, string hostName, TimeProvider clock)
{
    private const int DurationSeconds = 3600;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly string _name = NameOf(hostName);
    private readonly string _holder = $"{NameOf(hostName)}_{Guid.NewGuid()}";

    public Task RenewAsync(CancellationToken cancellationToken) => writer.ApplyAsync(
        "coordination.k8s.io",
        "leases",
        "kube-system",
        new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = _name,
                ["namespace"] = "kube-system",
                ["labels"] = new JsonObject { ["apiserver.kubernetes.io/identity"] = "kube-apiserver", ["kubernetes.io/hostname"] = hostName },
            },
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = _holder,
                ["leaseDurationSeconds"] = DurationSeconds,
                ["renewTime"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            },
        },
        cancellationToken);

    /// <summary>The first half of the name's SHA-256 in base 32, as upstream has it.</summary>
    public static string NameOf(string hostName)
    {
        const int Half = 16;
        var name = new StringBuilder("apiserver-");
        var (bits, count) = (0, 0);
        foreach (var value in SHA256.HashData(Encoding.UTF8.GetBytes(hostName)).AsSpan(0, Half))
        {
            (bits, count) = ((bits << 8) | value, count + 8);
            for (; count >= 5; count -= 5)
            {
                name.Append(Alphabet[(bits >> (count - 5)) & 31]);
            }
        }

        return name.Append(Alphabet[(bits << (5 - count)) & 31]).ToString();
    }
}

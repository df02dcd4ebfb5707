using MiniKube.Proxy.Rendering;
using MiniKube.Proxy.Rules;
using MiniKube.TestSupport;

namespace MiniKube.Proxy.Tests.Rendering;

/// <summary>
/// Golden/NAME.yaml holds services and slices, Golden/NAME.iptables what the proxy writes for them on node1. To rewrite them after a change:
/// <c>GOLDEN=rewrite</c> in the environment; then read the difference.
/// </summary>
public sealed class IptablesGoldenTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests/Proxy.Tests/Golden");

    public static IEnumerable<TheoryDataRow<string>> Names =>
        Directory.GetFiles(Folder, "*.yaml").Select(file => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(file)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Render_ServicesAndSlices_WritesTheGoldenText(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var family = name.EndsWith(".ipv6", StringComparison.Ordinal) ? IPFamily.IPv6 : IPFamily.IPv4;
        var options = new IptablesOptions { ClusterCidr = "10.244.0.0/16,fd00:10:244::/56" }.For(family);
        var rules = ClusterState.Rules(await File.ReadAllTextAsync(Path.Combine(Folder, name + ".yaml"), cancellation), family);

        var script = RestoreScript.Between([], IptablesRenderer.Render(rules, options), new Dictionary<string, IReadOnlyList<string>>());

        var golden = Path.Combine(Folder, name + ".iptables");
        if (Environment.GetEnvironmentVariable("GOLDEN") == "rewrite")
        {
            await File.WriteAllTextAsync(golden, script, cancellation);
        }

        Assert.Equal(await File.ReadAllTextAsync(golden, cancellation), script);
    }
}

using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

using MiniKube.Cluster.Commands;
using MiniKube.Cluster.Plans;
using MiniKube.TestSupport;

namespace MiniKube.Cluster.Tests.ByHand;

/// <summary>What can be known of docs/ha-by-hand.md without typing it: that its hosts are those of the cluster, and that every command of ours takes the flags that it gives.</summary>
public sealed partial class ByHandPageTests
{
    private static readonly ClusterLayout Layout = ClusterLayout.Create(new ClusterSpec { Store = StoreKind.Etcd, Masters = 2, EtcdMembers = 3, Nodes = 2, Overlay = OverlayKind.Vxlan });

    private static readonly IReadOnlyList<HostBlock> Blocks = HostBlock.ReadAll("docs/ha-by-hand.md");

    [Fact]
    public void EveryBlock_IsTypedOnHostsOfTheCluster_AndNoneIsLeftOut() => Assert.Equal(
        Layout.Hosts.Select(host => host.Name).Append(HostBlock.Machine).Order(), Blocks.SelectMany(block => block.Hosts).Distinct().Order());

    [Fact]
    public void EveryUnit_ThatMkMakes_IsMadeByHand_OnTheSameHosts()
    {
        var expected = Layout.Hosts.SelectMany(host => ClusterPlan.Create(Layout, host, Pki.Value).Units.Where(unit => unit.Name != "gateway").Select(unit => $"{host.Name}/{unit.Name}"));
        var made = Blocks.SelectMany(block => MadeUnit().Matches(block.Commands).SelectMany(unit => block.Hosts.Select(host => $"{host}/{unit.Groups["name"].Value}")));

        Assert.Equal(expected.Order(), made.Order());
    }

    [Fact]
    public void EveryCommandOfOurs_TakesItsFlags()
    {
        var lines = Blocks.SelectMany(block => OurCommand().Matches(block.Commands.Replace("\\\n", " ", StringComparison.Ordinal))).Select(match => match.Groups["line"].Value).ToList();

        Assert.True(lines.Count >= 7, $"Only {lines.Count} commands were found.");
        Assert.All(lines, line =>
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(Variable().Replace(line, "172.28.128.11")).Where(word => !word.StartsWith('@'))];
            var command = Components.Find(words[0]) ?? throw new InvalidOperationException($"mk has no component {words[0]}");
            Assert.Empty(command().Parse(words[1..]).Errors);
        });
    }

    [Fact]
    public void EveryFlagOfTheApiServer_IsOneThatMkGives_WithTheSameValue()
    {
        var master = Layout.Masters[0];
        var expected = ClusterPlan.Create(Layout, master, Pki.Value).Files.Single(file => file.Path == "/etc/kubernetes/apiserver.args").Content;
        var typed = ApiServerFlags().Match(Blocks.Single(block => block.Commands.Contains("apiserver.args <<END", StringComparison.Ordinal)).Commands).Groups["flags"].Value;

        Assert.Equal(expected.Split('\n').Order(), typed.Replace("$address", master.Address.ToString(), StringComparison.Ordinal).Split('\n').Order());
    }

    private static readonly Lazy<Cluster.Pki.ClusterPki> Pki = new(() => Cluster.Pki.ClusterPki.Create(TimeProvider.System.GetUtcNow()));

    [GeneratedRegex("^sh /etc/unit (?<name>\\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex MadeUnit();

    [GeneratedRegex("^exec /run/mk/mk (?<line>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex OurCommand();

    [GeneratedRegex(@"\$\(hostname\)|\$address", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"apiserver\.args <<END\n(?<flags>.*?)END\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ApiServerFlags();
}

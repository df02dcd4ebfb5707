using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Hosting.Commands;
using MiniKube.Proxy.Applying;
using MiniKube.Proxy.Rendering;
using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Tests.Applying;

public sealed class IptablesApplierTests
{
    private readonly RecordingRunner _runner = new();
    private readonly IptablesApplier _applier;

    public IptablesApplierTests() => _applier = new IptablesApplier(IPFamily.IPv4, _runner, NullLogger<IptablesApplier>.Instance);

    [Fact]
    public async Task Apply_SameTwice_RunsNothingTheSecondTime()
    {
        await ApplyAsync("-j X");
        _runner.Ran.Clear();

        await ApplyAsync("-j X");

        Assert.Empty(_runner.Ran);
    }

    [Fact]
    public async Task Apply_Changed_RunsOneRestore()
    {
        await ApplyAsync("-j X");
        _runner.Ran.Clear();

        await ApplyAsync("-j Y");

        Assert.Equal(["iptables-restore -w 5 --noflush"], _runner.Ran);
        Assert.Equal("*nat\n:A - [0:0]\n-A A -j Y\nCOMMIT\n", _runner.LastInput);
    }

    [Fact]
    public async Task Apply_FirstTime_PutsJumpsOnlyWhereTheyAreMissing()
    {
        _runner.Fails = line => line.Contains("-C OUTPUT", StringComparison.Ordinal);

        await ApplyAsync("-j X");

        Assert.All(_runner.Ran.Where(line => line.Contains(" -I ", StringComparison.Ordinal)), line => Assert.Contains("-I OUTPUT", line, StringComparison.Ordinal));
        Assert.Equal(3, _runner.Ran.Count(line => line.Contains(" -I OUTPUT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Apply_Failed_WritesEverythingTheNextTime()
    {
        await ApplyAsync("-j X");
        _runner.Fails = line => line.StartsWith("iptables-restore", StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<CommandException>(() => ApplyAsync("-j Y"));
        Assert.Equal("iptables-restore -w 5 --noflush: exit code 1: no", failure.Message);
        _runner.Fails = _ => false;
        _runner.Ran.Clear();

        await ApplyAsync("-j X");

        Assert.Contains("iptables-save -t nat", _runner.Ran);
        Assert.Contains("iptables-restore -w 5 --noflush", _runner.Ran);
    }

    [Fact]
    public async Task IsIntact_CanaryGone_IsFalse()
    {
        await ApplyAsync("-j X");
        Assert.True(await _applier.IsIntactAsync(TestContext.Current.CancellationToken));

        _runner.Fails = line => line.EndsWith("-S KUBE-PROXY-CANARY", StringComparison.Ordinal);

        Assert.False(await _applier.IsIntactAsync(TestContext.Current.CancellationToken));
    }

    private Task ApplyAsync(string rule) => _applier.ApplyAsync(
        [new IptablesTable("nat", new Dictionary<string, Chain> { ["A"] = new("A", [rule]) })], TestContext.Current.CancellationToken);

    private sealed class RecordingRunner : ICommandRunner
    {
        public List<string> Ran { get; } = [];

        public string LastInput { get; private set; } = "";

        public Func<string, bool> Fails { get; set; } = _ => false;

        public Task<CommandOutcome> RunAsync(string command, IReadOnlyList<string> arguments, string input, CancellationToken cancellationToken)
        {
            var line = string.Join(' ', arguments.Prepend(command));
            Ran.Add(line);
            LastInput = input.Length > 0 ? input : LastInput;
            return Task.FromResult(Fails(line) ? new CommandOutcome(line, 1, "", "no\n") : new CommandOutcome(line, 0, "", ""));
        }
    }
}

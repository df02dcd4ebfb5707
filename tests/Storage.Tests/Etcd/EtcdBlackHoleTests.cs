using System.Globalization;

namespace MiniKube.Storage.Tests.Etcd;

/// <summary>A member that is lost without a word, in a network of its own.</summary>
[Trait("Needs", "Machine")]
public sealed class EtcdBlackHoleTests(ITestOutputHelper output)
{
    // Measured: 1.3 s, how long a member may be silent; the watch 60 ms, since it leaves with the write; then 1 to 6 ms each.
    private static readonly TimeSpan Once = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Requests_WhenTheFirstMembersPacketsAreDropped_WaitForItOnce()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("the test program has no path");

        var result = await CommandRunner.RunAsync(
            "unshare", ["--net", "--", program, BlackHole.Command], new CommandInput { Timeout = Timeout }, TestContext.Current.CancellationToken);

        output.WriteLine(result.EnsureSuccess().Output);
        var times = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .ToLookup(words => words[0], words => TimeSpan.FromMilliseconds(int.Parse(words[1], CultureInfo.InvariantCulture)));
        Assert.InRange(times["first"].Single(), TimeSpan.Zero, Once);
        Assert.InRange(times["watch"].Single(), TimeSpan.Zero, Once);

        // Who asked the silent member again would wait a second and more for it.
        var later = times["later"].Order().ToList();
        Assert.Equal(60, later.Count);
        Assert.InRange(later[later.Count / 2], TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
    }
}

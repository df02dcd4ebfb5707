using System.Diagnostics;
using System.Globalization;
using System.Text;
using MiniKube.Storage.Etcd;

namespace MiniKube.Storage.Tests.Etcd;

/// <summary>
/// Runs in a network namespace of its own: three members of etcd, of which the one that the store prefers is lost as a machine is lost, its packets dropped without a
/// word. Says on standard output how long, in milliseconds, each step took.
/// </summary>
internal static class BlackHole
{
    public const string Command = "black-hole";
    private const int Requests = 30;

    public static async Task<int> RunAsync()
    {
        await RunAsync("ip", "link", "set", "lo", "up");
        await using var cluster = new EtcdCluster();
        await cluster.StartAsync(CancellationToken.None);
        await using var store = cluster.Connect();
        var last = await PutAsync(store, 0);
        await using var watch = store.WatchAsync(KeyRange.Single(Key), last, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        await watch.MoveNextAsync();

        var port = cluster.Members[0].Address.Port.ToString(CultureInfo.InvariantCulture);
        await RunAsync("iptables", "-A", "INPUT", "-p", "tcp", "--dport", port, "-j", "DROP");
        await RunAsync("iptables", "-A", "INPUT", "-p", "tcp", "--sport", port, "-j", "DROP");

        Say("first", await TimeAsync(async () => last = await PutAsync(store, last)));
        Say("watch", await TimeAsync(async () => await watch.MoveNextAsync()));
        for (var i = 0; i < Requests; i++)
        {
            Say("later", await TimeAsync(async () => last = await PutAsync(store, last)));
            Say("later", await TimeAsync(() => store.CurrentRevisionAsync(CancellationToken.None)));
        }

        return 0;
    }

    private static string Key => "/registry/black/hole";

    private static async Task<long> PutAsync(EtcdStore store, long before)
    {
        var put = Operation.Put(Key, Encoding.UTF8.GetBytes($"after {before}"));
        var result = await store.CommitAsync(new Transaction([new Compare(Key, before)], [put]), CancellationToken.None);
        return result.Succeeded ? result.Revision : throw new InvalidOperationException($"Nobody else writes, yet the key is at {result.CurrentOnFailure?.ModRevision}.");
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start);
    }

    private static void Say(string step, TimeSpan time) => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step} {time.TotalMilliseconds:0}"));

    private static async Task RunAsync(string program, params string[] arguments) =>
        (await CommandRunner.RunAsync(program, arguments, new CommandInput(), CancellationToken.None)).EnsureSuccess();
}

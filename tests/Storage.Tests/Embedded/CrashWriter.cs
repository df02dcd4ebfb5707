using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MiniKube.Storage.Embedded;

namespace MiniKube.Storage.Tests.Embedded;

/// <summary>
/// Writes until it is killed, and says on standard output what was acknowledged: writer, number, revision. Every transaction writes the
/// writer's number to two keys.
/// </summary>
internal static class CrashWriter
{
    public const string Command = "write-until-killed";
    public const int Writers = 8;
    private const int RevisionsKept = 500;

    public static string First(int writer) => $"/first/{writer}";

    public static string Second(int writer) => $"/second/{writer}";

    public static long Number(KeyValue? item) =>
        item is null ? 0 : long.Parse(Encoding.UTF8.GetString(item.Value.Span).Split(' ')[0], CultureInfo.InvariantCulture);

    public static async Task<int> RunAsync(string path)
    {
        await using var store = await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = path }, NullLogger<EmbeddedStore>.Instance, TimeProvider.System, CancellationToken.None);
        await using var output = Console.OpenStandardOutput();
        await Task.WhenAll([.. Enumerable.Range(0, Writers).Select(writer => WriteAsync(store, writer, output)), CompactAsync(store)]);
        return 0;
    }

    private static async Task WriteAsync(EmbeddedStore store, int writer, Stream output)
    {
        var found = await store.RangeAsync(new RangeQuery(KeyRange.Single(First(writer))), CancellationToken.None);
        var last = found.Items.Count == 0 ? null : found.Items[0];
        var revision = last?.ModRevision ?? 0;
        var random = new Random(writer);
        for (var number = Number(last) + 1; ; number++)
        {
            var filler = new string('x', random.Next(100) == 0 ? 200_000 : random.Next(6000));
            var value = Encoding.UTF8.GetBytes($"{number} {filler}");
            var result = await store.CommitAsync(
                new Transaction(
                    [new Storage.Compare(First(writer), revision)],
                    [Operation.Put(First(writer), value), Operation.Put(Second(writer), value)]),
                CancellationToken.None);
            revision = result.Revision;

            // One write call: what the parent reads ends at a line, or the line is not counted.
            output.Write(Encoding.UTF8.GetBytes($"{writer} {number} {revision}\n"));
        }
    }

    private static async Task CompactAsync(EmbeddedStore store)
    {
        for (var revision = 1L; ; revision = await store.CurrentRevisionAsync(CancellationToken.None))
        {
            if (revision > RevisionsKept && await IsLaterAsync(store, revision - RevisionsKept))
            {
                await store.CompactAsync(revision - RevisionsKept, CancellationToken.None);
            }

            await Task.Yield();
        }
    }

    // Asking for a revision tells whether it was compacted, perhaps by the process before this one.
    private static async Task<bool> IsLaterAsync(EmbeddedStore store, long revision)
    {
        try
        {
            await store.RangeAsync(new RangeQuery(KeyRange.Single("/"), revision - 1), CancellationToken.None);
            return true;
        }
        catch (StorageException e) when (e.Kind == StorageErrorKind.Compacted)
        {
            return false;
        }
    }
}

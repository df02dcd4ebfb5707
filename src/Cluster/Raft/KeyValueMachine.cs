using System.Collections.Immutable;
using System.Text.Json;

using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace MiniKube.Cluster.Raft;

/// <summary>What the log says, entry by entry: keys with values, in memory, and as a JSON object in a file every thousand entries, so that the log can be cut there.</summary>
internal sealed class KeyValueMachine(DirectoryInfo folder) : SimpleStateMachine(folder)
{
    private const long EntriesPerSnapshot = 1000;

    // Written by the library's one applier; readers take it as it is.
    private volatile ImmutableDictionary<string, byte[]> _values = ImmutableDictionary.Create<string, byte[]>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, byte[]> Values => _values;

    protected override ValueTask<bool> ApplyAsync(LogEntry entry, CancellationToken token)
    {
        // A new leader begins with an empty entry.
        if (!entry.IsConfiguration && entry.TryGetPayload(out var payload) && !payload.IsEmpty)
        {
            var reader = new Utf8JsonReader(payload);
            var change = JsonSerializer.Deserialize(ref reader, RaftJson.Default.KeyChange) ?? throw new InvalidDataException($"Entry {entry.Index} of the log is empty JSON.");
            _values = change.Value is { } value ? _values.SetItem(change.Key, value) : _values.Remove(change.Key);
        }

        // Whoever waits for it, if it was written at this member.
        (entry.Context as TaskCompletionSource)?.TrySetResult();
        return ValueTask.FromResult(entry.Index % EntriesPerSnapshot == 0);
    }

    protected override ValueTask PersistAsync(IAsyncBinaryWriter writer, CancellationToken token) =>
        writer.Invoke(JsonSerializer.SerializeToUtf8Bytes(_values, RaftJson.Default.IReadOnlyDictionaryStringByteArray), token);

    protected override async ValueTask RestoreAsync(FileInfo snapshotFile, CancellationToken token)
    {
        await using var file = snapshotFile.OpenRead();
        var values = await JsonSerializer.DeserializeAsync(file, RaftJson.Default.DictionaryStringByteArray, token);
        _values = (values ?? throw new InvalidDataException($"{snapshotFile.FullName} is empty.")).ToImmutableDictionary(StringComparer.Ordinal);
    }
}

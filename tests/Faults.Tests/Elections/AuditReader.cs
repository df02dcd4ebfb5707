namespace MiniKube.Faults.Tests.Elections;

/// <summary>Reads the audit logs of servers while they grow: what candidates wrote, and their looks at their Leases. The rest says nothing of who is active.</summary>
internal sealed class AuditReader(IReadOnlyList<string> files) : IDisposable
{
    private readonly List<AuditRecord> _records = [];
    private readonly Dictionary<string, (StreamReader Reader, string Unfinished)> _open = new(StringComparer.Ordinal);

    /// <summary>All of it up to now. Not for several at once.</summary>
    public IReadOnlyList<AuditRecord> Read()
    {
        foreach (var file in files)
        {
            var (reader, unfinished) = _open.TryGetValue(file, out var open) ? open : (new StreamReader(new FileStream(file, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite)), "");
            var lines = (unfinished + reader.ReadToEnd()).Split('\n');
            // The last piece is a line that is being written, or nothing.
            _open[file] = (reader, lines[^1]);
            _records.AddRange(lines.SkipLast(1).Select(AuditRecord.Parse).Where(record => record.IsWrite || record.Resource == "leases"));
        }

        return _records;
    }

    public void Dispose() => _open.Values.ToList().ForEach(open => open.Reader.Dispose());
}

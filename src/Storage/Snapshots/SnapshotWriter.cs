using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace MiniKube.Storage.Snapshots;

/// <summary>
/// Writes a snapshot: compressed lines of text, a head with the revision, a line a key (the key, a tab, the value in base 64), and a foot with the number of keys
/// and the SHA-256 of all before it.
/// </summary>
internal sealed class SnapshotWriter : IAsyncDisposable
{
    public const string Format = "minikube-snapshot-1";

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly GZipStream _output;
    private readonly long _revision;
    private long _keys;

    public SnapshotWriter(Stream output, long revision)
    {
        _output = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
        _revision = revision;
        WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Format} {revision}"));
    }

    public void Write(string key, ReadOnlySpan<byte> value)
    {
        WriteLine($"{key}\t{Convert.ToBase64String(value)}");
        _keys++;
    }

    public SnapshotSummary Finish()
    {
        WriteLine(string.Create(CultureInfo.InvariantCulture, $"end {_keys} {Convert.ToHexStringLower(_hash.GetCurrentHash())}"));
        return new SnapshotSummary(_revision, _keys);
    }

    public ValueTask DisposeAsync()
    {
        _hash.Dispose();
        return _output.DisposeAsync();
    }

    private void WriteLine(string text)
    {
        var line = Encoding.UTF8.GetBytes(text + "\n");
        _hash.AppendData(line);
        _output.Write(line);
    }
}

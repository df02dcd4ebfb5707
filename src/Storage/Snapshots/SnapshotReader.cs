using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace MiniKube.Storage.Snapshots;

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote, all of it, and makes sure that it is whole.</summary>
internal static class SnapshotReader
{
    /// <summary>Throws Failed for what is no snapshot, or a damaged one.</summary>
    public static (SnapshotSummary Summary, Dictionary<string, byte[]> Values) Read(Stream input)
    {
        try
        {
            using var reader = new StreamReader(new GZipStream(input, CompressionMode.Decompress, leaveOpen: true), Encoding.UTF8);
            return Read(reader);
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or OverflowException)
        {
            throw new StorageException(StorageErrorKind.Failed, $"not a whole snapshot: {error.Message}", error);
        }
    }

    private static (SnapshotSummary Summary, Dictionary<string, byte[]> Values) Read(StreamReader reader)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var values = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var head = (reader.ReadLine() ?? "").Split(' ');
        if (head is not [SnapshotWriter.Format, var revision])
        {
            throw new InvalidDataException("its first line is of another format");
        }

        for (var line = string.Join(' ', head); line is not null; line = reader.ReadLine())
        {
            if (line.Split(' ') is ["end", var keys, var sum] && !line.Contains('\t', StringComparison.Ordinal))
            {
                return sum == Convert.ToHexStringLower(hash.GetCurrentHash()) && keys == values.Count.ToString(CultureInfo.InvariantCulture)
                    ? (new SnapshotSummary(long.Parse(revision, CultureInfo.InvariantCulture), values.Count), values)
                    : throw new InvalidDataException("its checksum is wrong");
            }

            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
            if (line.IndexOf('\t', StringComparison.Ordinal) is > 0 and var tab)
            {
                values[line[..tab]] = Convert.FromBase64String(line[(tab + 1)..]);
            }
        }

        throw new InvalidDataException("it has no end");
    }
}

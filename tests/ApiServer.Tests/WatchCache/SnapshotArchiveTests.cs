using Microsoft.Extensions.Time.Testing;

using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Tests.WatchCache;

public sealed class SnapshotArchiveTests
{
    private const long Mebibyte = 1024 * 1024;

    private readonly FakeTimeProvider _clock = new();
    private readonly SnapshotArchive _archive;

    public SnapshotArchiveTests() => _archive = new SnapshotArchive(_clock);

    [Fact]
    public void Find_WithinFiveMinutes_HasTheStateOfThatRevision()
    {
        _archive.Keep(10, At(9, 0));

        _clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(9, _archive.Find(10)?.Revision);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_archive.Find(10));
    }

    [Fact]
    public void Trim_LetsOnlyThoseGo_ThatHoldMuchBesideTheNewestState()
    {
        _archive.Keep(10, At(10, 0));
        _archive.Keep(20, At(20, 2 * Mebibyte));

        _archive.Trim(At(30, 64 * Mebibyte));
        Assert.NotNull(_archive.Find(10));

        _archive.Trim(At(31, 65 * Mebibyte));
        Assert.Null(_archive.Find(10));
        Assert.NotNull(_archive.Find(20));
    }

    [Fact]
    public void Keep_MoreThanThereIsRoomFor_ForgetsTheOldest()
    {
        for (var revision = 1; revision <= 65; revision++)
        {
            _archive.Keep(revision, At(revision, 0));
        }

        Assert.Null(_archive.Find(1));
        Assert.NotNull(_archive.Find(2));
    }

    private static CacheSnapshot At(long revision, long replaced) => CacheSnapshot.Empty with { Revision = revision, ReplacedBytes = replaced };
}

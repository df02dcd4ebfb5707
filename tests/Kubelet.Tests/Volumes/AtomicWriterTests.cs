using System.Text;

using Microsoft.Extensions.Time.Testing;

using MiniKube.Kubelet.Volumes;

namespace MiniKube.Kubelet.Tests.Volumes;

public sealed class AtomicWriterTests : IDisposable
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.GroupRead;

    private readonly FakeTimeProvider _clock = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("volume").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Write_FilesAreThereThroughLinks()
    {
        Write(("key", "one"), ("deep/er", "two"));

        Assert.Equal("one", Read("key"));
        Assert.Equal("two", Read("deep/er"));
        Assert.Equal("..data/key", new FileInfo(Path.Combine(_directory, "key")).LinkTarget);
        Assert.Equal(Mode, File.GetUnixFileMode(Path.Combine(_directory, "key")));
    }

    [Fact]
    public void Write_SameAgain_ChangesNothing()
    {
        Write(("key", "one"));
        var before = DataTarget();
        _clock.Advance(TimeSpan.FromSeconds(1));

        Write(("key", "one"));

        Assert.Equal(before, DataTarget());
    }

    [Fact]
    public void Write_Changed_ReplacesAllAndLeavesNothingOld()
    {
        Write(("key", "one"), ("gone", "x"));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Write(("key", "two"), ("new", "y"));

        Assert.Equal("two", Read("key"));
        Assert.Equal("y", Read("new"));
        Assert.Equal([DataTarget(), "..data", "key", "new"], new DirectoryInfo(_directory).EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    private void Write(params (string Path, string Text)[] files) =>
        new AtomicWriter(_directory, _clock).Write([.. files.Select(file => new PayloadFile(file.Path, Encoding.UTF8.GetBytes(file.Text), Mode))], null);

    private string Read(string name) => File.ReadAllText(Path.Combine(_directory, name));

    private string? DataTarget() => new DirectoryInfo(Path.Combine(_directory, "..data")).LinkTarget;
}

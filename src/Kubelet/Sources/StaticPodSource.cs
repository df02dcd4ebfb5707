using k8s.Models;

using MiniKube.Kubelet.Pods;

using YamlDotNet.Core;

namespace MiniKube.Kubelet.Sources;

/// <summary>A folder (or a file) as a source of pods. It is read again when something in it changes, and every 20 s in any case.</summary>
internal sealed partial class StaticPodSource(string path, string nodeName, SyncQueue queue, TimeProvider clock, ILogger<StaticPodSource> logger)
{
    public const string Source = "file";
    private static readonly TimeSpan ScanPeriod = TimeSpan.FromSeconds(20);

    private Dictionary<string, V1Pod> _known = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var changed = new WakeUp(clock);
        using var watcher = Watch(changed);
        while (true)
        {
            Scan();
            queue.Add(new SyncEvent.SourceReady(Source));
            await changed.WaitAsync(ScanPeriod, cancellationToken);
        }
    }

    private FileSystemWatcher? Watch(WakeUp changed)
    {
        if (!Directory.Exists(path))
        {
            return null;
        }

        var watcher = new FileSystemWatcher(path);
        void Signal(object sender, FileSystemEventArgs e) => changed.Signal();

        watcher.Created += Signal;
        watcher.Changed += Signal;
        watcher.Deleted += Signal;
        watcher.Renamed += Signal;
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private void Scan()
    {
        var found = new Dictionary<string, V1Pod>();
        foreach (var file in Files())
        {
            if (Read(file) is { } pod)
            {
                found[pod.Uid()] = pod;
            }
        }

        foreach (var gone in _known.Where(entry => !found.ContainsKey(entry.Key)))
        {
            queue.Add(new SyncEvent.PodRemoved(gone.Value));
        }

        foreach (var added in found.Where(entry => !_known.ContainsKey(entry.Key)))
        {
            queue.Add(new SyncEvent.PodUpdated(added.Value));
        }

        _known = found;
    }

    private IEnumerable<string> Files() =>
        File.Exists(path) ? [path]
        : Directory.Exists(path) ? Directory.EnumerateFiles(path).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal)
        : [];

    private V1Pod? Read(string file)
    {
        try
        {
            return StaticPodReader.Read(File.ReadAllText(file), file, nodeName, clock.GetUtcNow());
        }
        catch (Exception exception) when (exception is YamlException or IOException or UnauthorizedAccessException or FormatException)
        {
            Log.Unreadable(logger, file, exception.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Could not process manifest file {File}: {Problem}")]
        public static partial void Unreadable(ILogger logger, string file, string problem);
    }
}

using MiniKube.Hosting;
using MiniKube.Overlay;

return await ComponentProgram.RunAsync(OverlayCommand.Create(), args);
